import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isCredential, parseCredential } from "../../src/core/accounts/credential.ts";
import { parseEnvFile } from "../../src/core/homes/environment.ts";
import { ALICE, auth, BOB, KEY } from "../commands/credentials.ts";
import { User } from "../commands/user.ts";

/** What a shell that has been open for a while has read: the newest token, and the env files as they were then. */
export interface OpenShell {
  token: string;
  files: Map<string, string>;
}

/** A user whose base home is alice's, with homes of bob and of a key, which can be put back to where it started as often as wanted. */
export class FaultWorld implements AsyncDisposable {
  readonly user = new User();
  readonly carol = this.user.write("carol.json", auth({ email: "carol@example.com" }));
  readonly work = this.user.directory("work");
  readonly play = this.user.directory("play");
  private readonly kept = join(this.user.home, "kept");

  /** `more` is done before the world is kept. */
  async settle(more = async (_user: User) => {}): Promise<void> {
    for (const who of [ALICE, BOB, KEY]) await this.user.add(who);
    await this.user.auth(["switch", "alice"]);
    await this.user.auth(["pin", "bob", this.work]);
    await this.user.auth(["pin", "billing", join(this.user.home, "play")]);
    await more(this.user);
    // the registry's witness is a second name of it: a copy has that too
    this.copy(this.user.base, this.kept);
    this.restore();
    await this.user.auth(["sync"]);
  }

  restore(): void {
    rmSync(this.user.base, { recursive: true, force: true });
    this.copy(this.kept, this.user.base);
  }

  private copy(from: string, to: string): void {
    const { exitCode, stderr } = Bun.spawnSync(["cp", "-a", from, to]);
    if (exitCode !== 0) throw new Error(stderr.toString());
  }

  private read(path: string): string | undefined {
    try {
      return readFileSync(join(this.user.base, path), "utf8");
    } catch {
      return undefined;
    }
  }

  /** Opens a shell. */
  open(): OpenShell {
    const env = join(this.user.base, "codex-auth/env");
    const names = statSync(env, { throwIfNoEntry: false }) ? readdirSync(env) : [];
    return {
      token: this.read("codex-auth/generation") ?? "",
      files: new Map(names.map((name) => [name, this.read(`codex-auth/env/${name}`) ?? ""])),
    };
  }

  /** Returns the shell after its next prompt: it reads again when there is a new token. */
  prompt(shell: OpenShell): OpenShell {
    return shell.token === (this.read("codex-auth/generation") ?? "") ? shell : this.open();
  }

  /** Returns for each place what is wrong with what a shell shows there: `stale` when it looks again, a text when it believes what is not so. */
  judge(shell: OpenShell): Map<string, string> {
    const homes = [...shell.files.keys()].filter((name) => name !== "@default");
    const places = [["@default", ""], ...homes.map((id) => [id, `codex-auth/homes/${id}`])];
    const found = places.flatMap(([name = "", home = ""]) => {
      const wrong = this.judgePlace(shell.files.get(name) ?? "", join(this.user.base, home, "auth.json"));
      return wrong === undefined ? [] : [[name, wrong] as const];
    });
    return new Map(found);
  }

  private judgePlace(text: string, login: string): string | undefined {
    const environment = parseEnvFile(text);
    const isThere = statSync(login, { throwIfNoEntry: false }) !== undefined;
    if (!isSame(login, environment?.witness)) return "stale";
    if (!isThere) return environment === undefined ? undefined : this.loggedOut(environment.set.CODEX_AUTH_LABEL);
    const credential = parseCredential(readFileSync(login, "utf8"));
    const account = environment?.set.CODEX_AUTH_ACCOUNT ?? "nobody";
    const isBilled = isCredential(credential) && account.includes(tellingPart(credential));
    return isBilled ? undefined : `shows ${account}, and another is billed`;
  }

  private loggedOut(label: string | undefined): string | undefined {
    return label?.endsWith("logged out") ? undefined : `shows ${label}, and nobody is logged in`;
  }

  /** Returns all logins that lie anywhere in the base home. */
  logins(): Set<string> {
    const found = new Set<string>();
    for (const folder of ["accounts", "codex-auth/backup", "codex-auth/pending", "codex-auth/kept"]) {
      const path = join(this.user.base, folder);
      for (const name of statSync(path, { throwIfNoEntry: false }) ? readdirSync(path) : []) {
        const credential = parseCredential(readFileSync(join(path, name), "utf8"));
        if (isCredential(credential)) found.add(tellingPart(credential));
      }
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.user[Symbol.asyncDispose]();
  }
}

/** What of a credential stands in its account key. */
const tellingPart = (credential: Exclude<ReturnType<typeof parseCredential>, string>) =>
  credential.kind === "chatgpt" ? credential.accountKey : credential.keyHash;

/** As a shell asks: `[[ a -ef w && ! a -nt w.to && ! a -ot w.from ]]`; neither there is the same too. */
function isSame(path: string, witness: string | undefined): boolean {
  const stat = (of: string) => statSync(of, { throwIfNoEntry: false });
  const file = stat(path);
  if (witness === undefined) return file === undefined;
  const [seen, from, to] = [stat(witness), stat(`${witness}.from`), stat(`${witness}.to`)];
  if (!file || !seen || file.ino !== seen.ino) return false;
  // `-nt` is true, and `-ot` false, beside what is not there
  return to !== undefined && file.mtimeMs <= to.mtimeMs && (from === undefined || file.mtimeMs >= from.mtimeMs);
}
