import type { Terminal } from "./terminal.ts";

/** Asks for a secret on the terminal without showing it. Returns it, or undefined when Ctrl-C or Ctrl-D broke it off; the terminal is as before. */
export async function askSecret({ streams }: Pick<Terminal, "streams">, question: string): Promise<string | undefined> {
  const { in: input, err } = streams;
  err.write(question);
  input.setRawMode(true);
  input.resume();
  let secret = "";
  try {
    for await (const chunk of input) {
      const typed = readTyped(String(chunk), secret);
      secret = typed.secret;
      if (typed.end !== undefined) return typed.end === "enter" ? secret : undefined;
    }
    return undefined;
  } finally {
    input.setRawMode(false);
    input.pause();
    err.write("\n");
  }
}

/** Takes what was typed and the secret so far; returns the secret, and what ended it, if anything. Bracketed paste is taken as typed. */
export function readTyped(chunk: string, secret: string): { secret: string; end?: "enter" | "cancel" } {
  for (const key of chunk.replace(/\u001b\[20[01]~/g, "")) {
    if (key === "\r" || key === "\n") return { secret, end: "enter" };
    if (key === "\u0003" || key === "\u0004") return { secret, end: "cancel" };
    if (key === "\u007f" || key === "\b") secret = secret.slice(0, -1);
    else if (key === "\u0015") secret = "";
    else if (key >= " ") secret += key;
  }
  return { secret };
}
