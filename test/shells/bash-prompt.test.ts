import { expect, test } from "bun:test";
import { ACCOUNTS } from "./accounts.ts";
import { Fixture } from "./fixture.ts";
import { Session } from "./session.ts";
import { describeShells } from "./shells.ts";
import { initLine } from "./world.ts";

const { own, acme } = ACCOUNTS;

/** What VS Code's script does: it runs what was in PROMPT_COMMAND, then wraps a PS1 that is not as it left it. */
const LIKE_VSCODE = String.raw`
original=$PROMPT_COMMAND custom= busy=1
wrap() { if [[ $busy == 1 && $custom != "$PS1" ]]; then custom="\[\e]633;A\a\]$PS1\[\e]633;B\a\]" PS1=$custom; fi; busy=0; }
again() { if [[ $busy == 0 ]]; then busy=1; fi; }
trap 'again "$_"' DEBUG
wrap
both() { local status=$?; (exit $status); eval "$original"; wrap; }
PROMPT_COMMAND=both`;

const PREEXEC = String.raw`
bash_preexec_imported=defined; precmd_functions=()
__bp_precmd_invoke_cmd() { local status=$? each; for each in "\${precmd_functions[@]}"; do (exit $status); "$each"; done; }
__bp_interactive_mode() { last=$(( last + 1 )); }`.replaceAll("\\$", "$");

/** Those that make PS1, beside ours: the rc file with INIT in the place of our line; what they make. */
const frames: [title: string, rc: string, prompt: RegExp][] = [
  ["nobody", "INIT", /^> $/],
  ["VS Code's protocol", `INIT\n${LIKE_VSCODE}`, /^> $/],
  ["a line behind our hook, as liquidprompt's", `INIT\nPROMPT_COMMAND+='\nPS1="(lp) $mark"'`, /^\(lp\) $/],
  ["one that is joined to our hook", `INIT\nPROMPT_COMMAND="$PROMPT_COMMAND; PS1='(lp) $mark'"`, /^\(lp\) $/],
  ["one before our hook", `INIT\nPROMPT_COMMAND="PS1='(lp) $mark'; $PROMPT_COMMAND"`, /^\(lp\) $/],
  [
    "bash-preexec and a theme in precmd_functions",
    `${PREEXEC}
PROMPT_COMMAND=$'__bp_precmd_invoke_cmd\\n__bp_interactive_mode'
INIT
theme() { PS1="(bash-it) $mark"; }; precmd_functions+=(theme)`,
    /^\(bash-it\) $/,
  ],
  [
    "bash-preexec and a theme in PROMPT_COMMAND",
    `${PREEXEC}
theme() { PS1="(bash-it) $mark"; }; PROMPT_COMMAND=$'__bp_precmd_invoke_cmd\\ntheme\\n__bp_interactive_mode'
INIT`,
    /^\(bash-it\) $/,
  ],
];

describeShells(
  "a prompt with others",
  () => {
    test.each(frames)("%s: the label is there, once, and PS1 does not grow", async (_title, rc, prompt) => {
      const world = await Fixture.create();
      await using cleanUp = new AsyncDisposableStack();
      cleanUp.use(world);
      await world.pin(await world.home.mkdir("work"), acme);
      const file = world.home.at("tmp/length");
      const session = await Session.start("bash", world.home, {
        rc: `mark=\${PS1#"> "}\n${rc.replace("INIT", () => initLine(world, "bash"))}`,
      });
      cleanUp.use(session);
      const length = async () => {
        await session.run(`printf %s "\${#PS1}" >${session.kind.word(file)}`);
        return Number(await Bun.file(file).text());
      };
      await session.run("echo");
      await session.run("echo");
      const before = await length();
      for (let i = 0; i < 5; i++) await session.run("echo");
      expect(await length()).toBe(before);
      for (let i = 0; i < 5; i++) {
        await session.cd(world.home.at("work"));
        expect(session.prompt).toMatch(new RegExp(`^${acme.alias} ${prompt.source.slice(1, -2)}$`));
        await session.cd(world.home.path);
        expect(session.prompt).toMatch(new RegExp(`^${own.email} ${prompt.source.slice(1, -2)}$`));
        await world.switchTo(null);
        await session.run("echo");
        expect(`${session.prompt} `).toMatch(prompt);
        await world.switchTo(own);
      }
      await session.run("echo");
      expect(await length()).toBe(before);
    });
  },
  ["bash"],
);
