import { expect } from "bun:test";
import { existsSync } from "node:fs";
import { ACCOUNTS } from "../accounts.ts";
import type { Row } from "../stage.ts";
import { accountEnv, type World } from "../world.ts";

const { acme } = ACCOUNTS;

/** Labels are text, whatever they look like. */
export const labels: Row<World>[] = [
  ...[
    "%F{red}%n%f",
    "%(?.a.b) 100%",
    "\\u@\\h \\w \\[x\\]",
    "$(touch x)",
    "`touch x`",
    "\\$(touch x)",
    "${HOME} $HOME",
    "$env:HOME",
    "; touch x",
    "!! !1 ^a^b",
    "\\e[31m \\033[31m",
    'it\'s "quoted"',
    "a  b",
    "-n",
    "é 漢字",
    "%1v %{x%}",
    "#{x} #(touch x)",
    "{0} {1:x}",
    "‘$(touch x)’",
  ].map((label): Row<World> => ({
    title: `the label ${label} is text`,
    play: async (stage) => {
      await stage.world.pin(await stage.dir("label"), acme);
      await stage.world.alias(acme, label);
      await stage.session.cd(await stage.dir("label"));
      await stage.expect(accountEnv(stage.world, acme, "pin", label));
      await stage.session.nextPrompt();
      expect(existsSync(stage.world.home.at("x"))).toBe(false);
      expect(existsSync(stage.world.home.at("label/x"))).toBe(false);
      await stage.world.alias(acme, acme.alias);
    },
  })),
];
