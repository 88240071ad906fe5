import { afterAll, describe, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { type Environment, relevant } from "./accounts.ts";
import { notePlayed } from "./matrix.ts";
import type { Session, SessionOptions } from "./session.ts";
import type { AnyShell } from "./shells.ts";
import { startShell, type World } from "./world.ts";

/** Where one row of a table plays: a shell that stands in HOME, in a world that it shares with the other rows. */
export class Stage<W extends World> {
  constructor(
    readonly shell: AnyShell,
    readonly world: W,
    readonly session: Session,
  ) {}

  /** Expects the environment of a program started here, as far as it is codex-auth's business, and the prompt. */
  async expect(env: Environment, prompt = env.CODEX_AUTH_LABEL ? `${env.CODEX_AUTH_LABEL} >` : ">"): Promise<void> {
    const seen = { env: relevant(await this.session.env()), prompt: this.session.prompt };
    expect(seen).toEqual({ env, prompt });
  }

  /** Makes a directory below HOME; returns its path. */
  dir(name: string): string {
    return this.world.home.mkdir(name);
  }

  /** Exports variables of the user's. */
  async export(variables: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(variables)) await this.session.export(name, value);
  }

  async unset(...names: string[]): Promise<void> {
    for (const name of names) await this.session.unset(name);
  }

  /** What a file holds that a command of the shell has written. */
  read(path: string): Promise<string> {
    return readFile(path, "utf8");
  }
}

/** One case. It starts in HOME and leaves shell and world as it found them; when it fails, the next one gets new ones. */
export interface Row<W extends World> {
  title: string;
  /** Default: all. */
  shells?: readonly AnyShell[];
  play: (stage: Stage<W>) => Promise<void>;
}

/** Plays the rows of a table in one shell, one after the other. */
export function playRows<W extends World>(
  shell: AnyShell,
  title: string,
  createWorld: () => Promise<W>,
  rows: readonly Row<W>[],
  options: SessionOptions = {},
): void {
  describe(title, () => {
    let stage: Stage<W> | undefined;
    let broken: unknown;
    const close = async () => {
      await stage?.session.close();
      await stage?.world[Symbol.asyncDispose]();
      stage = undefined;
    };
    const open = async () => {
      const world = await createWorld();
      return new Stage(shell, world, await startShell(world, shell, options));
    };
    const enter = async () => {
      if (broken) throw broken;
      stage ??= await open().catch((error: unknown) => {
        broken = error;
        throw error;
      });
      await stage.session.cd(stage.world.home.path);
      return stage;
    };
    afterAll(close);
    for (const row of rows.filter(({ shells }) => shells?.includes(shell) ?? true)) {
      const play = async () => {
        await row.play(await enter()).catch(async (error: unknown) => {
          console.error(`--- ${shell}: ${title}: ${row.title}\n${stage?.session.terminal.tail(30)}\n---`);
          await close();
          throw error;
        });
        notePlayed(shell, row);
      };
      test(row.title, play, 120_000);
    }
  });
}
