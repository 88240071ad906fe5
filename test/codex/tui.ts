import { Terminal } from "../shells/terminal.ts";
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

export async function startTui(world: World, env: Record<string, string> = {}): Promise<Tui> {
  const terminal = new Terminal([findCodex() ?? "codex"], {
    cwd: world.work,
    env: { ...world.env, TERM: "xterm-256color", ...env },
    columns: 120,
    rows: 40,
  });
  const drawn = () => Bun.stripANSI(terminal.raw).replace(/\s/g, "");
  await terminal.until("the first prompt", () => (drawn().includes("GPT-") ? true : undefined), 45);
  return {
    drawn,
    async say(text) {
      terminal.write(text);
      // keys that come at once are a paste, and its return a new line
      await Bun.sleep(400);
      terminal.send("enter");
    },
    async quit() {
      for (let tries = 0; tries < 5 && terminal.running; tries++) {
        terminal.send("ctrl-c");
        await Promise.race([terminal.exited, Bun.sleep(500)]);
      }
      await terminal.close();
    },
  };
}

/** Waits until something holds; throws with `why` after `limit` milliseconds. */
export async function until(holds: () => boolean, limit: number, why: () => string): Promise<void> {
  for (const end = performance.now() + limit; !holds(); await Bun.sleep(50)) {
    if (performance.now() > end) throw new Error(why());
  }
}
