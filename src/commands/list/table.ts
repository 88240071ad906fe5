import { cutEnd, cutMiddle, padEnd } from "../../core/width.ts";
import type { AccountRow, Cell, Row, Tone } from "./rows.ts";
import { styled } from "../../core/style.ts";

/** How the table is drawn. */
export interface TableOptions {
  /** The width to fit in; undefined (a pipe): nothing is cut. */
  columns: number | undefined;
  colors: boolean;
}

/** The lines of the table: the header with its rule, and one for each row. */
export interface TableLines {
  head: string[];
  body: string[];
}

type ColumnId = "plan" | "fiveHours" | "week" | "credits" | "resetCredits" | "last";
const HEADERS: Record<ColumnId, { text: string; brief: string }> = {
  plan: { text: "PLAN", brief: "PLAN" },
  fiveHours: { text: "5H USAGE", brief: "5H" },
  week: { text: "WEEKLY USAGE", brief: "WEEKLY" },
  credits: { text: "CREDITS", brief: "CREDITS" },
  resetCredits: { text: "RESET CREDITS", brief: "RESETS" },
  last: { text: "LAST ACTIVITY", brief: "LAST" },
};

/** A way to draw the table: which columns, which of their texts, and what at least is left of the names. */
interface Layout {
  columns: ColumnId[];
  headers: "text" | "brief";
  cells: "text" | "brief";
  leastName: number;
}

const NARROWEST: Layout = { columns: [], headers: "brief", cells: "brief", leastName: 1 };
/** Columns that are there only where an account has something in them. */
const OCCASIONAL: readonly ColumnId[] = ["credits", "resetCredits"];
const ALL: ColumnId[] = ["plan", "fiveHours", "week", "credits", "resetCredits", "last"];
// from the widest to the narrowest: the first that fits is taken
const LAYOUTS: Layout[] = [
  { columns: ALL, headers: "text", cells: "text", leastName: 20 },
  { columns: ALL, headers: "brief", cells: "text", leastName: 20 },
  { columns: ["plan", "fiveHours", "week", "last"], headers: "text", cells: "text", leastName: 20 },
  { columns: ["plan", "fiveHours", "week", "last"], headers: "brief", cells: "text", leastName: 20 },
  { columns: ["plan", "fiveHours", "week"], headers: "text", cells: "text", leastName: 20 },
  { columns: ["plan", "fiveHours", "week"], headers: "brief", cells: "text", leastName: 20 },
  { columns: ["plan", "fiveHours", "week"], headers: "brief", cells: "brief", leastName: 20 },
  { columns: ["fiveHours", "week"], headers: "brief", cells: "brief", leastName: 10 },
  { columns: ["fiveHours"], headers: "brief", cells: "brief", leastName: 8 },
  NARROWEST,
];
const GAP = "  ";

/** Returns the table's lines, each at most as wide as the terminal. */
export function renderTable(rows: readonly Row[], { columns, colors }: TableOptions): TableLines {
  // a terminal that doesn't know its width says 0
  const limit = columns || Infinity;
  const accounts = rows.filter((row) => row.kind === "account");
  const prefix = Math.max(5, ...accounts.map((row) => row.prefix.length));
  const { layout, widths, name } = fit(rows, accounts, prefix, limit);
  const paint = (text: string, tone: Tone) => (colors ? painted(text, tone) : text);
  const line = (texts: Painted[]) => joinCells(texts, [name, ...widths], paint);
  const blank = " ".repeat(prefix);

  const header = layout.columns.map((id) => ({ text: HEADERS[id][layout.headers], tone: "faint" as const }));
  const total = prefix + name + widths.reduce((sum, width) => sum + GAP.length + width, 0);
  return {
    head: [
      blank + line([{ text: cutEnd("ACCOUNT", name), tone: "faint" }, ...header]),
      paint("-".repeat(Math.min(total, limit)), "faint"),
    ],
    body: rows.map((row) => {
      if (row.kind === "group") return blank + paint(cutMiddle(row.email, limit - prefix), "faint");
      const text = " ".repeat(row.indent) + cutMiddle(row.name.text, name - row.indent);
      const cells = layout.columns.map((id) => ({ text: row[id][layout.cells], tone: row[id].tone }));
      return padEnd(row.prefix, prefix) + line([{ text, tone: row.name.tone }, ...cells]);
    }),
  };
}

/** Returns the first layout that fits, the widths of its columns, and that of the names. */
function fit(rows: readonly Row[], accounts: readonly AccountRow[], prefix: number, limit: number) {
  const widest = Math.max(7, ...rows.map(nameWidth));
  const isShown = (id: ColumnId) => !OCCASIONAL.includes(id) || accounts.some((row) => row[id].text !== "-");
  for (const { columns, ...how } of LAYOUTS) {
    const layout = { ...how, columns: columns.filter(isShown) };
    const widths = layout.columns.map((id) => columnWidth(layout, id, accounts));
    const room = limit - prefix - widths.reduce((sum, width) => sum + GAP.length + width, 0);
    if (room >= Math.min(widest, layout.leastName)) return { layout, widths, name: Math.min(widest, room) };
  }
  return { layout: NARROWEST, widths: [], name: 1 };
}

const nameWidth = (row: Row) =>
  row.kind === "group" ? Bun.stringWidth(row.email) : row.indent + Bun.stringWidth(row.name.text);

function columnWidth(layout: Layout, id: ColumnId, accounts: readonly AccountRow[]): number {
  const texts = [HEADERS[id][layout.headers], ...accounts.map((row) => row[id][layout.cells])];
  return Math.max(...texts.map((text) => Bun.stringWidth(text)));
}

type Painted = Pick<Cell, "text" | "tone">;

/** Joins cells, each as wide as its column; nothing is left behind the last. */
function joinCells(cells: Painted[], widths: number[], paint: (text: string, tone: Tone) => string): string {
  return cells
    .map(({ text, tone }, at) => {
      const width = at < cells.length - 1 ? (widths[at] ?? 0) : 0;
      return paint(text, tone) + " ".repeat(Math.max(0, width - Bun.stringWidth(text)));
    })
    .join(GAP)
    .trimEnd();
}

const STYLES: Record<Tone, Parameters<typeof styled>[0] | undefined> = {
  plain: undefined,
  faint: "dim",
  strong: "bold",
  plenty: "green",
  low: "yellow",
  empty: "red",
  failed: "red",
};

function painted(text: string, tone: Tone): string {
  const style = STYLES[tone];
  return style && text ? styled(style, text) : text;
}
