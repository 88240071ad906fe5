import type { Context } from "../../context.ts";
import type { ScreenView } from "../../io/full-screen.ts";
import type { KeyPress } from "../../io/keys.ts";
import { UserError } from "../../core/errors.ts";
import { knownListing, type Listing, type ListOptions, refreshedListing, rowsOf, saveListing } from "./listing.ts";
import { drawLive, type LiveState, pressLive, withRows } from "./live.ts";
import { switchDefault } from "../../core/here/default-account.ts";

const LEAST_INTERVAL_S = 5;
const INTERRUPTED = 130;

/** Shows the table on the full screen until it is left, refreshed again and again; returns the exit code. Throws UserError without a terminal. */
export async function runLive(ctx: Context, options: ListOptions): Promise<number> {
  const { tty } = ctx.terminal;
  if (!tty.in || !tty.out || ctx.env.TERM === "dumb")
    throw new UserError("--live needs a terminal", { hint: "codex-auth list" });
  const end = await ctx.terminal.fullScreen(new LiveView(ctx, options));
  return end === "interrupted" ? INTERRUPTED : 0;
}

type End = "quit" | "interrupted";

/** The table on the full screen: what it shows, and what goes on behind it. */
class LiveView implements ScreenView<End> {
  private readonly stop = new AbortController();
  private readonly ctx: Context;
  private readonly options: ListOptions;
  private listing: Listing;
  private state: LiveState = { rows: [], marked: null, status: "", top: 0 };
  private screenRows = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private refreshing = false;
  private redraw = () => {};
  private fail = (_error: unknown) => {};

  constructor(ctx: Context, options: ListOptions) {
    this.ctx = ctx;
    this.options = { ...options, signal: this.stop.signal };
    this.listing = knownListing(ctx);
    this.take(this.listing);
  }

  start(redraw: () => void, fail: (error: unknown) => void): () => void {
    [this.redraw, this.fail] = [redraw, fail];
    this.attempt(() => this.refresh());
    return () => {
      this.stop.abort();
      clearTimeout(this.timer);
    };
  }

  draw(columns: number, rows: number): string[] {
    const { state, lines } = drawLive(this.state, { columns, rows, colors: this.ctx.terminal.colors });
    this.state = state;
    this.screenRows = rows;
    return lines;
  }

  press(key: KeyPress): End | undefined {
    const { state, wish } = pressLive(this.state, key, this.screenRows);
    this.state = state;
    if (wish?.is === "refresh") this.attempt(() => this.refresh());
    if (wish?.is === "switch") this.attempt(() => this.switchTo(wish.key));
    return wish?.is === "quit" || wish?.is === "interrupted" ? wish.is : undefined;
  }

  private async refresh(): Promise<void> {
    if (this.refreshing) return;
    this.refreshing = true;
    clearTimeout(this.timer);
    this.say("refreshing…");
    try {
      const refreshed = await refreshedListing(this.ctx, this.options);
      if (this.stop.signal.aborted) return;
      const unsaved = await saveListing(this.ctx, refreshed);
      this.take({ ...knownListing(this.ctx), views: refreshed.views }); // a switch may have come in between
      this.say((refreshed.notes[0] ?? unsaved)?.message ?? `refreshed at ${timeText(this.ctx.now())}`);
    } finally {
      this.refreshing = false;
      this.refreshLater();
    }
  }

  private refreshLater(): void {
    if (this.stop.signal.aborted) return;
    const seconds = Math.max(LEAST_INTERVAL_S, this.listing.state.registry.interval_seconds);
    this.timer = setTimeout(() => this.attempt(() => this.refresh()), seconds * 1000);
  }

  private async switchTo(key: string): Promise<void> {
    const switched = await switchDefault(
      quiet(this.ctx, (text) => this.say(text)),
      key,
    );
    this.take({ ...knownListing(this.ctx), views: this.listing.views });
    this.say([`the default account is ${switched.label}`, switched.note?.message].filter(Boolean).join("; "));
  }

  private take(listing: Listing): void {
    this.listing = listing;
    const fallback = listing.active.account?.account_key ?? listing.state.registry.active_account_key;
    this.state = withRows(this.state, rowsOf(listing, this.ctx.now()), fallback);
  }

  private say(status: string): void {
    this.state = { ...this.state, status };
    this.redraw();
  }

  /** Does the work; what the user can mend is told in the status line. */
  private attempt(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      if (error instanceof UserError) this.say(error.message);
      else this.fail(error);
    });
  }
}

/** Returns the context with what would be said on standard error handed to `say`: the screen is not to be written across. */
function quiet(ctx: Context, say: (text: string) => void): Context {
  const log = ctx.log.create({ reporters: [{ log: ({ args }) => say(args.join(" ").replaceAll("\n", " ")) }] });
  return Object.create(ctx, { log: { value: log } });
}

/** Takes milliseconds since 1970; returns the time of day. */
function timeText(now: number): string {
  const date = new Date(now);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
