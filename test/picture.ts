import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type IBufferCell, Terminal as Model } from "@xterm/headless";
import { SHELLS } from "../src/shell.ts";
import { Terminal } from "./shells/terminal.ts";

// Draws the README's picture from a real run of the demo: what a terminal shows of it, as an SVG. `bun run picture`.

const FILE = join(import.meta.dir, "../docs/demo.svg");
const COLUMNS = 96;
const CELL = { width: 8.4, height: 18 };
const MARGIN = 16;
const BACKGROUND = "#16181d";
const FOREGROUND = "#d8dee9";
/** The eight colours of a terminal. */
const COLORS = ["#4c566a", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d8dee9"];

/** A stretch of text in one style. */
interface Run {
  column: number;
  text: string;
  style: string;
}

const home = /\/\S*?\/codex-auth-demo-\w+/g;
const shown = (await record()).replace(home, "~");
const lines = await draw(shown);
mkdirSync(dirname(FILE), { recursive: true });
writeFileSync(FILE, render(upToSecondShell(lines)));
console.log(`${FILE} is new`);

/** Runs the demo in a terminal; returns all that it wrote. */
async function record(): Promise<string> {
  const { PATH = "", HOME = "", DOTNET_ROOT = "" } = process.env;
  const env = { PATH, HOME, TERM: "xterm-256color", FORCE_COLOR: "1", ...(DOTNET_ROOT && { DOTNET_ROOT }) };
  const demo = [process.execPath, join(import.meta.dir, "demo.ts")];
  await using terminal = new Terminal(demo, { cwd: join(import.meta.dir, ".."), env, columns: 200 });
  if ((await terminal.exited) !== 0) throw new Error(`the demo failed:\n${terminal.tail(40)}`);
  return terminal.raw;
}

/** Takes what was written; returns the lines that a terminal shows of it. */
async function draw(text: string): Promise<Run[][]> {
  const model = new Model({ cols: COLUMNS, rows: 50, scrollback: 10_000, allowProposedApi: true });
  await new Promise<void>((resolve) => model.write(text, resolve));
  const { normal } = model.buffer;
  return Array.from({ length: normal.length }, (_, row) => {
    const runs: Run[] = [];
    for (let column = 0; column < COLUMNS; column++) {
      const cell = normal.getLine(row)?.getCell(column);
      if (!cell) continue;
      const style = styleOf(cell);
      const last = runs.at(-1);
      if (last?.style === style) last.text += cell.getChars() || " ";
      else runs.push({ column, text: cell.getChars() || " ", style });
    }
    return runs.map((run) => ({ ...run, text: run.text.trimEnd() })).filter(({ text }) => text !== "");
  });
}

function styleOf(cell: IBufferCell): string {
  const color = cell.isFgPalette() ? COLORS[cell.getFgColor() % COLORS.length] : undefined;
  return [
    color === undefined ? "" : ` fill="${color}"`,
    cell.isBold() ? ' font-weight="bold"' : "",
    cell.isDim() ? ' opacity="0.6"' : "",
  ].join("");
}

function textOf(line: readonly Run[]): string {
  return line.map(({ text }) => text).join(" ");
}

/** What one shell does is enough: returns the lines before the second one's, without the empty ones around. */
function upToSecondShell(lines: readonly Run[][]): readonly Run[][] {
  const titles = lines.flatMap((line, at) =>
    SHELLS.some((shell) => textOf(line).startsWith(`${shell}, with this line`)) ? [at] : [],
  );
  const first = lines.findIndex((line) => line.length > 0);
  const last = lines.findLastIndex((line, at) => line.length > 0 && at < (titles[1] ?? lines.length));
  return lines.slice(first, last + 1);
}

function render(lines: readonly Run[][]): string {
  const width = Math.ceil(COLUMNS * CELL.width + 2 * MARGIN);
  const height = lines.length * CELL.height + 2 * MARGIN;
  const texts = lines.flatMap((line, row) =>
    line.map(({ column, text, style }) => {
      const x = (MARGIN + column * CELL.width).toFixed(1);
      const y = MARGIN + (row + 0.75) * CELL.height;
      const length = (text.length * CELL.width).toFixed(1);
      return `<text x="${x}" y="${y}" textLength="${length}"${style}>${Bun.escapeHTML(text)}</text>`;
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    "<title>codex-auth: two accounts, each billed in its own directory</title>",
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" fill="${FOREGROUND}" xml:space="preserve">`,
    ...texts,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
