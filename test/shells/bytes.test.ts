import { expect } from "bun:test";
import { mkdirSync } from "node:fs";
import { decodeBytes, encodeBytes } from "../../src/core/bytes.ts";
import { ACCOUNTS } from "./accounts.ts";
import { Program } from "./program.ts";
import { describeShells } from "./shells.ts";
import { playRows, type Row } from "./stage.ts";
import { accountEnv, defaultEnv } from "./world.ts";

const { own, acme } = ACCOUNTS;
const NAME = decodeBytes(Buffer.from("caf\xe9", "latin1"));

/** A directory whose name is no UTF-8, and one that is called like it once the bytes are lost. */
const rows: Row<Program>[] = [
  {
    title: "a directory whose name is no UTF-8 has its own account, and so have those below it",
    shells: ["zsh", "bash", "fish"],
    play: async (stage) => {
      const { world, session } = stage;
      const place = world.home.at("latin", NAME);
      for (const path of [`${place}/deep`, world.home.at("latin/tea")])
        mkdirSync(encodeBytes(path), { recursive: true });
      await session.cd(world.home.at("latin"));
      await session.run("cd caf*");
      await session.run("codex-auth pin acme");
      await stage.expect(accountEnv(world, acme, "pin"));
      await session.run("cd deep");
      await stage.expect(accountEnv(world, acme, "pin"));
      expect(await session.run("codex-auth current")).toContain("caf\\xe9");
      await session.run("cd ../../tea");
      await stage.expect(defaultEnv(own));
      await session.run("cd ../caf*");
      await session.run("codex-auth unpin");
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "PowerShell does not enter such a directory: the account stays that of where it is",
    shells: ["pwsh"],
    play: async (stage) => {
      const { world, session } = stage;
      const place = world.home.at("latin", NAME);
      mkdirSync(encodeBytes(place), { recursive: true });
      await world.pin(world.home.mkdir("latin/tea"), acme);
      await session.cd(world.home.at("latin/tea"));
      await session.run("cd ../caf*");
      await stage.expect(accountEnv(world, acme, "pin"));
      expect(await session.run("/bin/pwd")).toContain("latin/tea");
    },
  },
];

describeShells("names that are no UTF-8", (shell) => playRows(shell, "with the program", Program.create, rows));
