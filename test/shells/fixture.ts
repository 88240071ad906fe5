import { link, readdir, readFile, rm, stat, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { renderSnippet, SHELLS } from "../../src/shell.ts";
import { type Account, ACCOUNTS, labelOf, STRAYS } from "./accounts.ts";
import { Home } from "../home.ts";
import type { World } from "./world.ts";

export interface FixtureOptions {
  /** The default account; null for none. Default: `ACCOUNTS.own`. */
  account?: Account | null;
  /** What `init` is told. */
  prompt?: boolean;
  hook?: boolean;
}

/** One call of the stub program. */
export interface Call {
  words: string[];
  base: string;
  snippet: string;
  cwd: string;
}

/** The files that a hook reads, written by hand, and a stub in the program's place: snippets are tested without the program. */
export class Fixture implements World {
  readonly env = {};
  private announced = false;
  private touched = 0;

  private constructor(
    readonly home: Home,
    readonly base: string,
    readonly program: string[],
  ) {}

  static async create({ account = ACCOUNTS.own, prompt = true, hook = true }: FixtureOptions = {}): Promise<Fixture> {
    const home = Home.forShells();
    const stub = await home.program("my tools/codex-auth", STUB);
    const fixture = new Fixture(home, home.at(".codex"), [stub, "--from-here"]);
    await home.mkdir(".codex/codex-auth/pins", ".codex/accounts");
    await home.write(".codex/accounts/registry.json", "{}");
    for (const each of Object.values(ACCOUNTS)) await fixture.add(each);
    for (const shell of SHELLS) {
      const snippet = renderSnippet(shell, { program: fixture.program, base: fixture.base, prompt, hook });
      await home.write(`my tools/init.${shell}`, snippet);
    }
    await fixture.switchTo(account);
    return fixture;
  }

  selector({ name }: Account): string {
    return name;
  }

  /** A path in the base home's `codex-auth/`. */
  ours(...names: string[]): string {
    return this.home.at(".codex/codex-auth", ...names);
  }

  /** Adds an account: home, env file, and what the stub's `use` answers to its name. */
  async add(account: Account): Promise<void> {
    await this.home.write(this.ours("homes", account.id, "auth.json"), JSON.stringify(account.auth));
    await this.writeEnv(account.id, envLines(this, account));
    await this.home.write(`my tools/use/${account.name}`, `${account.id}\n`);
    await this.change();
  }

  /** Writes env/NAME from its lines, with its witness where they are whole, or from a text as it is. */
  async writeEnv(name: string, content: readonly string[] | string): Promise<void> {
    await this.home.write(
      this.ours("env", name),
      typeof content === "string"
        ? content
        : this.withWitness(name, content)
            .map((line) => `${line}\n`)
            .join(""),
    );
  }

  /** The lines of env/NAME with the one that names the witness of its login, before the label. */
  withWitness(name: string, lines: readonly string[]): string[] {
    const last = lines.at(-1) ?? "";
    if (!last.startsWith("CODEX_AUTH_LABEL=")) return [...lines];
    return [...lines.slice(0, -1), `CODEX_AUTH_CREDENTIAL=${this.witness(name)}`, last];
  }

  witness(name: string): string {
    // the homes here hold a login of their own, no link to an account's
    return this.ours("live", `@${name.replace(/^@/, "")}.auth.json`);
  }

  /** Makes the witnesses anew, as the program does at the end of all that it changes. */
  async see(): Promise<void> {
    await rm(this.ours("live"), { recursive: true, force: true });
    await this.home.mkdir(this.ours("live"));
    const config = await stat(join(this.base, "config.toml")).catch(() => undefined);
    await this.home.write(this.ours("live/config"), "");
    const read = new Date((config?.mtimeMs ?? 0) + 2);
    await utimes(this.ours("live/config"), read, read);
    const homes = (await readdir(this.ours("homes")).catch(() => [])).map(
      (id) => [this.ours("homes", id, "auth.json"), this.witness(id)] as const,
    );
    const registry = [join(this.base, "accounts/registry.json"), this.ours("live/registry.json")] as const;
    for (const [path, witness] of [
      [join(this.base, "auth.json"), this.witness("@default")] as const,
      registry,
      ...homes,
    ]) {
      const seen = await stat(path).catch(() => undefined);
      if (!seen) continue;
      // Codex writes no login that has two names
      await (path === registry[0] ? link : symlink)(path, witness);
      for (const [end, margin] of [
        [".from", -2],
        [".to", 2],
      ] as const) {
        await this.home.write(witness + end, "");
        await utimes(witness + end, new Date(seen.mtimeMs + margin), new Date(seen.mtimeMs + margin));
      }
    }
  }

  /** Pins a directory to an account, or to any content. The directory's path has to be the physical one. */
  async pin(directory: string, account: Account | string): Promise<void> {
    await this.home.write(this.pinFile(directory), typeof account === "string" ? account : `${account.id}\n`);
    await this.change();
  }

  async unpin(directory: string): Promise<void> {
    await rm(this.pinFile(directory));
    await this.change();
  }

  pinFile(directory: string): string {
    return join(this.ours("pins"), directory, "%account");
  }

  async switchTo(account: Account | null): Promise<void> {
    await this.writeEnv("@default", account ? defaultLines(account) : "");
    if (account) await this.home.write(".codex/auth.json", "{}");
    else await rm(this.home.at(".codex/auth.json"), { force: true });
    await this.change();
  }

  async alias(account: Account, alias: string): Promise<void> {
    await this.writeEnv(account.id, envLines(this, { ...account, alias }));
    await this.change();
  }

  async remove(account: Account): Promise<void> {
    await rm(this.ours("env", account.id), { force: true });
    await rm(this.ours("homes", account.id), { recursive: true, force: true });
    await this.change();
  }

  /** From now on a change of account is told on stderr. */
  async announce(): Promise<void> {
    this.announced = true;
    await this.change();
  }

  /** Says that something changed: a new token, and all credentials are reconciled. */
  async change(): Promise<void> {
    const token = crypto.randomUUID().replaceAll("-", "");
    await this.home.write(this.ours("generation.new"), `${token}\n${this.announced ? "announce\n" : ""}`);
    await rm(this.ours("now"), { recursive: true, force: true });
    await Bun.$`mv ${this.ours("generation.new")} ${this.ours("generation")}`.quiet();
    await this.home.write(this.ours("now", token), "");
    await this.see();
    await this.home.write(this.ours("synced"), "");
    const later = new Date(Date.now() + this.touched * 10_000 + 2000);
    await utimes(this.ours("synced"), later, later);
  }

  /** Makes a credential newer than all that was reconciled, as `codex login` and a refresh do: the hook has to call `sync`. */
  async touchCredential(path = join(this.base, "auth.json")): Promise<void> {
    const time = new Date(Date.now() + ++this.touched * 10_000);
    await utimes(path, time, time);
  }

  /** What the stub does at the next `sync`, as sh; `$CODEX_AUTH_BASE` is set. Without it: only `synced` becomes new. */
  async onSync(script: string): Promise<void> {
    await this.home.write("my tools/on-sync", script);
  }

  /** The calls of the stub so far, without the words of `program` (and without `init`). */
  async calls(): Promise<Call[]> {
    const text = await readFile(this.home.at("my tools/calls"), "utf8").catch(() => "");
    return text
      .split("\x1e\0")
      .filter(Boolean)
      .map((call) => {
        const [snippet = "", base = "", cwd = "", ...words] = call.split("\0").slice(0, -1);
        return { snippet, base, cwd, words };
      });
  }

  async forgetCalls(): Promise<void> {
    await rm(this.home.at("my tools/calls"), { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.home[Symbol.dispose]();
  }
}

/** env/<home id> as the program writes it. */
export function envLines({ base }: { base: string }, account: Account): string[] {
  return [
    `CODEX_HOME=${join(base, "codex-auth/homes", account.id)}`,
    `CODEX_SQLITE_HOME=${base}`,
    ...(account.apiKey === undefined ? [] : [`OPENAI_API_KEY=${account.apiKey}`]),
    ...STRAYS.map((name) => `-${name}`),
    ...defaultLines({ ...account, apiKey: undefined }, labelOf(account)),
  ];
}

/** env/@default as the program writes it. */
export function defaultLines(
  account: Omit<Account, "apiKey"> & { apiKey?: string | undefined },
  label?: string,
): string[] {
  const { apiKey, key, email, plan, alias } = account;
  return [
    ...(apiKey === undefined ? [] : [`OPENAI_API_KEY=${apiKey}`]),
    `CODEX_AUTH_ACCOUNT=${key}`,
    `CODEX_AUTH_EMAIL=${email}`,
    `CODEX_AUTH_PLAN=${plan}`,
    `CODEX_AUTH_LABEL=${label ?? (alias || email) + (apiKey === undefined ? "" : " API_KEY")}`,
  ];
}

/**
 * `init SHELL`, `use NAME|-`, `sync` do what the program would; `say TEXT…` prints (and does what
 * `on-say` says), `ask` reads a line, `fail N` exits N, `cat` copies stdin. Every call but init is recorded.
 */
const STUB = String.raw`
here=$(dirname "$0")
[ "$1" = --from-here ] && shift
case $1 in init) exec cat "$here/init.$2" ;; esac
{ printf '%s\0' "$CODEX_AUTH_SNIPPET" "$CODEX_AUTH_BASE" "$(pwd)" "$@"; printf '\036\0'; } >>"$here/calls"
see() {
    rm -f "$2" "$2.from" "$2.to"
    if [ -e "$1" ]; then ln "$1" "$2" && touch -r "$1" "$2.from" "$2.to"; fi
}
case $1 in
sync)
    [ -d "$CODEX_AUTH_BASE/codex-auth" ] || exit 0
    [ -e "$CODEX_AUTH_BASE/codex-auth/synced" ] || touch -t 200001010000 "$CODEX_AUTH_BASE/codex-auth/synced"
    for auth in "$CODEX_AUTH_BASE/auth.json" "$CODEX_AUTH_BASE/accounts/registry.json" "$CODEX_AUTH_BASE"/codex-auth/homes/*/auth.json; do
        if [ "$auth" -nt "$CODEX_AUTH_BASE/codex-auth/synced" ]; then touch -r "$auth" "$CODEX_AUTH_BASE/codex-auth/synced"; fi
    done
    live=$CODEX_AUTH_BASE/codex-auth/live
    see "$CODEX_AUTH_BASE/auth.json" "$live/@default.auth.json"
    see "$CODEX_AUTH_BASE/accounts/registry.json" "$live/registry.json"
    for auth in "$CODEX_AUTH_BASE"/codex-auth/homes/*; do see "$auth/auth.json" "$live/@${"$"}{auth##*/}.auth.json"; done
    if [ -f "$here/on-sync" ]; then . "$here/on-sync"; fi ;;
use)
    if [ "$2" = - ]; then echo -
    elif [ -f "$here/use/$2" ]; then cat "$here/use/$2"
    else echo "no account matches \"$2\"" >&2; exit 1; fi ;;
say) shift; echo "$*"; if [ -f "$here/on-say" ]; then . "$here/on-say"; fi ;;
ask) printf 'which one? ' >&2; read -r answer; echo "you said $answer" ;;
fail) exit "$2" ;;
cat) exec cat ;;
esac
`;
