import { findCodex } from "./find-codex.ts";
import type { World } from "./world.ts";

/** Codex's full-screen program, on a terminal of its own. */
export interface Tui {
  /** types a line and enters it */
  say(text: string): Promise<void>;
  /** what it has drawn so far, without colours and blanks: it moves the cursor in place of writing spaces */
  drawn(): string;
  /** leaves it as a user does */
  quit(): Promise<void>;
}

// what a terminal answers to the questions that Codex asks it at its start
const ANSWERS: [question: string, answer: string][] = [
  ["\x1b[6n", "\x1b[1;1R"],
  ["\x1b[c", "\x1b[?62;c"],
  ["\x1b]10;?", "\x1b]10;rgb:ffff/ffff/ffff\x1b\\"],
  ["\x1b]11;?", "\x1b]11;rgb:0000/0000/0000\x1b\\"],
];

export async function startTui(world: World, env: Record<string, string> = {}): Promise<Tui> {
  const decoder = new TextDecoder();
  let output = "";
  const child = Bun.spawn([findCodex() ?? "codex"], {
    cwd: world.work,
    env: { ...world.env, TERM: "xterm-256color", ...env },
    terminal: {
      cols: 120,
      rows: 40,
      data(terminal, bytes) {
        const text = decoder.decode(bytes, { stream: true });
        output += text;
        for (const [question, answer] of ANSWERS) if (text.includes(question)) terminal.write(answer);
      },
    },
  });
  const drawn = () => Bun.stripANSI(output).replace(/\s/g, "");
  const type = (keys: string) => child.terminal?.write(keys);
  await until(
    () => drawn().includes("GPT-") || child.exitCode !== null,
    20_000,
    () => `no prompt: ${drawn()}`,
  );
  return {
    drawn,
    async say(text) {
      type(text);
      // keys that come at once are a paste, and its return a new line
      await Bun.sleep(400);
      type("\r");
    },
    async quit() {
      for (let tries = 0; tries < 5 && child.exitCode === null; tries++) {
        type("\x03");
        await Promise.race([child.exited, Bun.sleep(500)]);
      }
      child.kill();
      await child.exited;
    },
  };
}

/** Waits until something holds; throws with `why` after `limit` milliseconds. */
export async function until(holds: () => boolean, limit: number, why: () => string): Promise<void> {
  for (const end = performance.now() + limit; !holds(); await Bun.sleep(50)) {
    if (performance.now() > end) throw new Error(why());
  }
}
