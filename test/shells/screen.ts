import { type IBuffer, Terminal } from "@xterm/headless";

/** As many lines as any test prints: what has scrolled away can be read all the same. */
const SCROLLBACK = 10_000;

/** What a person would see of what a program wrote to a terminal: xterm's own model of it, as text. */
export class Screen {
  private readonly terminal: Terminal;

  /** Takes the size in cells and where answers to a program's questions go. */
  constructor(columns: number, rows: number, reply: (answer: string) => void = () => {}) {
    this.terminal = new Terminal({ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true });
    this.terminal.unicode.register(WIDTHS);
    this.terminal.unicode.activeVersion = WIDTHS.version;
    this.terminal.onData(reply);
    for (const [code, color] of COLORS) {
      this.terminal.parser.registerOscHandler(code, (text) => {
        if (text === "?") reply(`\x1b]${code};rgb:${color}\x1b\\`);
        return true;
      });
    }
  }

  /** Resolves when the text is on the screen; texts get there in the order of the calls. */
  write(text: string): Promise<void> {
    return new Promise((resolve) => this.terminal.write(text, resolve));
  }

  /** The lines as shown now, without trailing blanks; as many as the screen has rows. */
  lines(): string[] {
    return this.rowsOf(this.terminal.buffer.active).slice(this.terminal.buffer.active.baseY);
  }

  /** All lines since the start, those that scrolled away first; the empty ones at the end are left out. */
  transcript(): string[] {
    const all = this.rowsOf(this.terminal.buffer.normal);
    return all.slice(0, all.findLastIndex((line) => line !== "") + 1);
  }

  /** All lines since the start and those below, where one that wraps is one. */
  unwrapped(): string[] {
    const { normal } = this.terminal.buffer;
    const texts: string[] = [];
    this.rowsOf(normal, "blanks too").forEach((text, row) => {
      if (normal.getLine(row)?.isWrapped) texts.push((texts.pop() ?? "") + text);
      else texts.push(text);
    });
    return texts.map((text) => text.trimEnd());
  }

  /** Where the cursor is, counted from 0. */
  get cursor(): { row: number; column: number } {
    const { cursorX, cursorY } = this.terminal.buffer.active;
    return { row: cursorY, column: cursorX };
  }

  /** The cursor's line up to the cursor: a prompt that waits. */
  get beforeCursor(): string {
    const { active } = this.terminal.buffer;
    return active.getLine(active.baseY + active.cursorY)?.translateToString(false, 0, active.cursorX) ?? "";
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
  }

  private rowsOf(buffer: IBuffer, blanks?: "blanks too"): string[] {
    const { cols } = this.terminal;
    const text = (row: number) => buffer.getLine(row)?.translateToString(false, 0, cols) ?? "";
    return Array.from({ length: buffer.length }, (_, row) => (blanks ? text(row) : text(row).trimEnd()));
  }
}

/** Returns the lines that a text with escape sequences leaves on a wide screen, and the empty ones below. */
export async function plainLines(text: string): Promise<string[]> {
  const screen = new Screen(400, 50);
  await screen.write(text);
  return screen.unwrapped();
}

/** What a program is told of the colours: white on black. */
const COLORS: [code: number, color: string][] = [
  [10, "ffff/ffff/ffff"],
  [11, "0000/0000/0000"],
];

/** Characters are as wide as terminals of today draw them, and as shells take them to be; xterm's own table is of 2010. */
const WIDTHS = {
  version: "today",
  wcwidth(code: number): 0 | 1 | 2 {
    const width = Bun.stringWidth(String.fromCodePoint(code));
    return width === 0 || width === 2 ? width : 1;
  },
  /** xterm's packed form: bit 0, whether it joins the character before it; bits 1 and 2, the width of both. */
  charProperties(code: number, before: number): number {
    const width = WIDTHS.wcwidth(code);
    const widthBefore = (before >> 1) & 3;
    return width === 0 && widthBefore > 0 ? (widthBefore << 1) | 1 : width << 1;
  },
};
