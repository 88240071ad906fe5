import { dirname } from "node:path";
import type { Context } from "../../context.ts";
import { type Account, fileKeyOf, homeIdOf, isUnverified, UNVERIFIED } from "../accounts/account.ts";
import { findAuthFile } from "../accounts/auth-file.ts";
import { type Credential, type Identity, isSameLogin } from "../accounts/credential.ts";
import { identify, recordOf } from "../accounts/record.ts";
import { labelOf } from "../accounts/names.ts";
import { type StoredLogin, takesPlaceOf } from "../accounts/later.ts";
import { hasHome, type Known } from "../homes/derive.ts";
import { rememberPlace } from "../active/moved.ts";
import { endGeneration } from "../homes/generation.ts";
import { UserError } from "../errors.ts";
import { record } from "./history.ts";
import { rotateKey } from "./rotation.ts";
import { checkCredential } from "./usable.ts";
import { baseLink, prepareHome } from "../homes/homes.ts";
import { credentialPath, envPath } from "../base/layout.ts";
import { checkPinnable, readPin, removePin, writePin } from "../active/pins.ts";
import type { HomeSlot } from "../reconcile/disk.ts";
import { authPath, codexLocks, holdCodexLocks, restoredPath, runStep } from "../reconcile/execute.ts";
import type { Place } from "../reconcile/step.ts";
import { accountOfHome, findAccount, putAccount, type Registry, withDefault } from "../accounts/registry.ts";
import type { Settings } from "../base/settings.ts";

/** What a store needs from outside. */
export type StoreContext = Pick<Context, "files" | "layout" | "locks" | "now" | "codex" | "command">;

/** Why a credential is not the account's now: the same one is there already, or a later one is. */
export type Kept = "same" | "older" | null;

type Written = Pick<StoredLogin, "mtimeMs" | "isInteractive">;

/** The accounts as a changing command changes them, under our lock and after reconciling. What it leaves is saved by changeState. */
export class Store implements Known {
  registry: Registry;
  settings: Settings;
  readonly unregistered: Known["unregistered"];
  isBaseForeign: boolean;
  readonly strange: Set<string>;
  readonly loggedOut: Set<string>;
  readonly damaged: Set<string>;
  /** A credential or a link may have come or gone: what was seen of them holds no more. */
  hasMoved = false;
  private readonly ctx: StoreContext;
  private readonly homes: readonly HomeSlot[];

  /** Takes what reconciling came to, and the account homes that are there. */
  constructor(ctx: StoreContext, known: Known, homes: readonly HomeSlot[]) {
    this.ctx = ctx;
    this.homes = homes;
    this.registry = known.registry;
    this.settings = known.settings;
    this.unregistered = known.unregistered;
    this.isBaseForeign = known.isBaseForeign;
    this.strange = new Set(known.strange);
    this.loggedOut = new Set(known.loggedOut);
    this.damaged = new Set(known.damaged);
  }

  /**
   * Makes a credential its account's, with its record; `identity` is the owner of a key that no record knows, or knows without one: then the
   * account becomes that owner's. A later login that is there stays. Returns the account, whether it is new, and what kept the credential out. `written` tells how old it is.
   */
  async adopt(
    credential: Credential,
    written: Written,
    identity?: Identity,
  ): Promise<{ account: Account; isNew: boolean; kept: Kept }> {
    const owners = new Map(credential.kind !== "chatgpt" && identity ? [[credential.keyHash, identity]] : []);
    const key = identify(credential, this.registry.accounts, owners);
    const unverified = this.registry.accounts.find((one) => one.account_key === key && isUnverified(one));
    if (unverified && credential.kind === "apikey" && identity && identity.id !== UNVERIFIED)
      return {
        account: await rotateKey(this.ctx, this, unverified, credential, identity),
        isNew: false,
        kept: null,
      };
    if (key === undefined)
      throw new UserError("nobody could say whose the API key is", { hint: "again when OpenAI can be reached" });
    const known = findAccount(this.registry, key);
    const account = recordOf(credential, key, known, identity, this.ctx.now());
    this.registry = putAccount(this.registry, account);
    const kept = await this.underLocks([key], [], () => this.storeUnlessOlder(key, credential, written));
    if (known && kept === null) record(this.ctx, [`a login of ${labelOf(this.registry, account)} was taken up`]);
    return { account, isNew: known === undefined, kept };
  }

  private storeUnlessOlder(key: string, credential: Credential, { mtimeMs, isInteractive = false }: Written): Kept {
    const { files, layout } = this.ctx;
    const live = credentialPath(layout, fileKeyOf(key));
    const present = findAuthFile(files, live);
    const login = { credential, mtimeMs, isInteractive };
    const isSame = present !== undefined && isSameLogin(present.credential, credential);
    const isOlder = !isSame && !takesPlaceOf(login, present, this.ctx.now());
    if (!isOlder && (!isSame || present.text === credential.text)) {
      runStep(this.ctx, { do: "store", account: key, text: credential.text });
      files.remove(restoredPath(layout, key));
    }
    this.loggedOut.delete(key);
    if (this.damaged.delete(key)) this.strange.delete(key);
    if (hasHome(this.ctx, homeIdOf(key))) this.linkHome(key);
    return isSame ? "same" : isOlder ? "older" : null;
  }

  /** Makes an account (or none) the default: the base home is logged in as it from now on. Throws UserError when it is logged out. */
  async setDefault(account: Account | undefined): Promise<void> {
    if (account) this.checkLoggedIn(account);
    this.registry = withDefault(this.registry, account?.account_key ?? null, this.ctx.now());
    this.isBaseForeign = false;
    await this.underLocks(account ? [account.account_key] : [], ["base"], () =>
      runStep(
        this.ctx,
        account ? { do: "link", place: "base", account: account.account_key } : { do: "unlink", place: "base" },
      ),
    );
  }

  /** Makes the account's home where it is missing. With `mend` a home that somebody logged out is logged in again. Throws UserError when there is no login. */
  async needHome(account: Account, mend = false): Promise<void> {
    const key = account.account_key;
    const { files, layout } = this.ctx;
    const id = homeIdOf(key);
    const isThere = hasHome(this.ctx, id);
    if (!isThere || mend) this.checkLoggedIn(account);
    prepareHome(files, layout, id, this.settings.share);
    if (isThere && !(mend && this.loggedOut.has(key))) return;
    await this.underLocks([key], [{ homeId: id }], () => this.linkHome(key));
    this.loggedOut.delete(key);
    files.makeDirectory(layout.env);
    files.create(envPath(layout, id), ""); // in use from now on; what stands in it follows
  }

  private linkHome(key: string): void {
    const { files, layout } = this.ctx;
    const place: Place = { homeId: homeIdOf(key) };
    const expected = baseLink("accounts", `${fileKeyOf(key)}.auth.json`);
    if (this.strange.has(key) || files.linkText(authPath(layout, place)) === expected) return;
    runStep(this.ctx, { do: "link", place, account: key });
  }

  /** Throws UserError when an account has no credential here, or one that is damaged. */
  checkLoggedIn(account: Account): void {
    checkCredential(this.ctx, this.registry, account);
  }

  /** Pins a physical directory to an account whose home is there. */
  pin(directory: string, account: Account): void {
    const { files, layout } = this.ctx;
    const id = homeIdOf(account.account_key);
    checkPinnable(layout, directory);
    rememberPlace(files, layout, directory);
    if (readPin(files, layout, directory)?.homeId === id) return;
    endGeneration(this.ctx);
    writePin(files, layout, directory, id);
    record(this.ctx, [`${directory} is pinned to ${labelOf(this.registry, account)}`]);
  }

  /** Removes the pin of exactly this directory; returns whether there was one. */
  unpin(directory: string): boolean {
    const { files, layout } = this.ctx;
    const pin = readPin(files, layout, directory);
    if (!pin) return false;
    endGeneration(this.ctx);
    const isGone = removePin(files, layout, directory);
    const account = accountOfHome(this.registry, pin.homeId);
    record(this.ctx, [
      `${directory} is not pinned to ${account ? labelOf(this.registry, account) : "an account"} any more`,
    ]);
    return isGone;
  }

  /** Runs `work` while no Codex writes a login of these accounts. Throws UserError when one does for too long. */
  async whileNobodyWrites(accountKeys: string[], work: () => void): Promise<void> {
    const ids = accountKeys.map(homeIdOf).filter((id) => hasHome(this.ctx, id));
    await this.underLocks(
      accountKeys,
      ids.map((homeId) => ({ homeId })),
      work,
    );
  }

  private async underLocks<T>(accountKeys: string[], places: Place[], work: () => T): Promise<T> {
    this.hasMoved = true;
    const { layout, files } = this.ctx;
    files.makeDirectory(dirname(credentialPath(layout, "any")));
    const homes = this.homes.filter(({ account }) => hasHome(this.ctx, homeIdOf(account.account_key)));
    return await holdCodexLocks(this.ctx, codexLocks(layout, { homes }, accountKeys, places), work);
  }
}
