import { type ConsolaInstance, createConsola, LogLevels } from "consola/core";
import { printable, withoutKeys } from "../core/printable.ts";

/**
 * All that is said to people beside results: `info`, `warn`, `error`, each as a text or as `{ message, hint }`, the hint being what to do about
 * it. `log` says a line of a report as it is.
 */
export type Log = ConsolaInstance;

/** Takes what writes to standard error; returns the log. Nothing said can steer a terminal: names and arguments come from anywhere. */
export function openLog(write: (text: string) => void): Log {
  return createConsola({
    level: LogLevels.info,
    // else the seventh equal message in a second is swallowed
    throttle: 0,
    reporters: [
      {
        log({ type, args, hint }) {
          const message = type === "log" ? args.join(" ") : `codex-auth: ${args.join(" ")}`;
          write(withoutKeys(printable(typeof hint === "string" ? `${message}\n  try: ${hint}\n` : `${message}\n`)));
        },
      },
    ],
  });
}
