import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { baseHomeOfShell, checkOneLine } from "../core/base/layout.ts";
import { isProcessShell, renderProcessSnippet } from "../process-shell.ts";
import { SERVED, type ServedShell, SETUP, setupExamples } from "../setup.ts";
import { renderSnippet } from "../shell.ts";

const UNSERVED = /^(?:sh|a?sh|dash|[mop]?d?ksh|csh|cmd|rc|es|yash)$/;

/** Returns what does without a snippet, for a shell that there is and none is for. */
const otherwise = (word: string) =>
  UNSERVED.test(word)
    ? `in ${word}: codex-auth shim install, codex-auth exec -- COMMAND, or codex-auth env`
    : undefined;

export default defineVerb({
  args: {
    shell: { type: "positional", description: SERVED.join(", "), options: [...SERVED], otherwise },
    prompt: {
      type: "boolean",
      default: true,
      description: "show the account in the prompt",
      negativeDescription: "leave the prompt alone",
    },
    hook: {
      type: "boolean",
      default: true,
      description: "follow cd and every prompt",
      negativeDescription: "nothing runs by itself: the account is looked up once, and after each codex-auth command",
    },
  },
  examples: setupExamples("line"),
  run(ctx, { shell, prompt, hook }) {
    if (ctx.terminal.tty.out) return explain(ctx, shell);
    const base = baseHomeOfShell(ctx.env, ctx.layout.base);
    checkOneLine(base);
    const values = { program: ctx.program, base, prompt, hook };
    ctx.terminal.write(isProcessShell(shell) ? renderProcessSnippet(shell, values) : renderSnippet(shell, values));
  },
});

/** Says what the script is for, in place of it: hundreds of lines on a terminal help nobody. */
function explain({ log }: Context, shell: ServedShell): void {
  const { line, file } = SETUP[shell];
  const why = `init prints a script for ${shell} to run, not to read; this line in ${file} runs it: ${line}`;
  log.info({ message: why, hint: `codex-auth setup ${shell}, which adds the line` });
}
