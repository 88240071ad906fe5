import type { Context } from "../../context.ts";
import { UserError } from "../errors.ts";

/** Whether somebody can be asked: standard input and error are terminals. */
export const canAsk = ({ terminal }: Pick<Context, "terminal">): boolean => terminal.tty.in && terminal.tty.err;

/**
 * Tells what goes, then asks a question that only `y` answers with yes. To be called before the lock is taken. Throws UserError, saying what
 * `otherwise` does, unless the answer is yes.
 */
export async function confirm(
  { terminal, log }: Pick<Context, "terminal" | "log">,
  { going, question, otherwise }: { going: readonly string[]; question: string; otherwise: string },
): Promise<void> {
  for (const line of going) log.log(line);
  const answer = await terminal.interact<"yes" | "no" | "broken off">({
    draw: () => [`${question} y/N `],
    press({ name, text, ctrl }) {
      if (ctrl && name === "c") return "broken off";
      if (text.toLowerCase() === "y") return "yes";
      return name === "return" || name === "enter" || name === "escape" || text !== "" ? "no" : undefined;
    },
  });
  if (answer === "yes") return;
  throw new UserError(otherwise, { exitCode: answer === "broken off" ? 130 : 1, code: "cancelled" });
}
