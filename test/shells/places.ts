import type { Shell } from "../../src/shell.ts";
import { ACCOUNTS } from "./accounts.ts";
import { Fixture, type FixtureOptions } from "./fixture.ts";
import type { Session, SessionOptions } from "./session.ts";
import { startShell } from "./world.ts";

const { own, acme, keyed } = ACCOUNTS;

/** A world where HOME/work is acme's, HOME/key the API key's, the rest the default account's. */
export async function createPlaces(options: FixtureOptions = {}): Promise<Fixture> {
  const world = await Fixture.create(options);
  await world.pin(world.home.mkdir("work"), acme);
  await world.pin(world.home.mkdir("key"), keyed);
  return world;
}

/** What a walk from HOME to `key`, `work` and back tells, where each step is a line of CODEX_HOME, OPENAI_API_KEY and the label. */
export function toldOnTheWay(world: Fixture): string {
  const homeOf = (id: string) => `${world.base}/codex-auth/homes/${id}`;
  return [
    `none none ${own.email}`,
    `${homeOf(keyed.id)} ${keyed.apiKey} ${keyed.email} API_KEY`,
    `${homeOf(acme.id)} none ${acme.alias}`,
    `none none ${own.email}`,
    "",
  ].join("\n");
}

/** Starts a shell there; both end together. */
export async function startInPlaces(
  shell: Shell,
  options: SessionOptions = {},
  world?: Fixture,
): Promise<AsyncDisposable & { world: Fixture; session: Session }> {
  const places = world ?? (await createPlaces());
  const session = await startShell(places, shell, options);
  const end = async () => {
    await session.close();
    await places[Symbol.asyncDispose]();
  };
  return { world: places, session, [Symbol.asyncDispose]: end };
}
