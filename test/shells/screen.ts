/**
 * What a person would see of what a program wrote to a terminal: a model of the screen, in the reach of shells, pickers and
 * live tables (ECMA-48 and the xterm additions they use). Colours are dropped.
 */
export class Screen {
  private rows: string[][];
  private readonly scrolled: string[] = [];
  private row = 0;
  private column = 0;
  private saved = { row: 0, column: 0 };
  private region = { top: 0, bottom: 0 };
  private main: { rows: string[][]; row: number; column: number } | undefined;
  private rest = "";

  /** Takes the size in cells (`Infinity` columns: nothing wraps) and where answers to a program's questions go. */
  constructor(
    public columns: number,
    public height: number,
    private readonly reply: (answer: string) => void = () => {},
  ) {
    this.rows = blank(height);
    this.region.bottom = height - 1;
  }

  write(text: string): void {
    this.rest += text;
    for (;;) {
      const token = TOKEN.exec(this.rest)?.[0];
      if (token === undefined) return;
      this.rest = this.rest.slice(token.length);
      this.apply(token);
    }
  }

  /** The lines as shown now, without trailing blanks; as many as the screen has rows. */
  lines(): string[] {
    return this.rows.map(lineText);
  }

  /** All lines since the start, those that scrolled away first; the empty ones at the end are left out. */
  transcript(): string[] {
    const all = [...this.scrolled, ...this.lines()];
    return all.slice(0, all.findLastIndex((line) => line !== "") + 1);
  }

  /** Where the cursor is, counted from 0. */
  get cursor(): { row: number; column: number } {
    return { row: this.row, column: this.column };
  }

  /** The cursor's line up to the cursor: a prompt that waits. */
  get beforeCursor(): string {
    return [...Array(this.column).keys()].map((at) => this.rows[this.row]?.[at] ?? " ").join("");
  }

  resize(columns: number, height: number): void {
    while (this.rows.length > height && this.row < this.rows.length - 1) this.rows.pop();
    while (this.rows.length > height) this.scrollOut();
    this.rows.push(...blank(height - this.rows.length));
    this.columns = columns;
    this.height = height;
    this.region = { top: 0, bottom: height - 1 };
    this.move(this.row, this.column);
  }

  private apply(token: string): void {
    if (!token.startsWith("\x1b")) return token.length === 1 && token < " " ? this.control(token) : this.print(token);
    const csi = CSI.exec(token);
    if (csi) return this.sequence(csi[1] ?? "", (csi[2] ?? "").split(";").map(Number), csi[3] ?? "");
    if (token === "\x1b7") this.saved = this.cursor;
    if (token === "\x1b8") this.move(this.saved.row, this.saved.column);
    if (token === "\x1bM") this.reverseLineFeed();
    if (token === "\x1bD" || token === "\x1bE") this.lineFeed();
    if (token === "\x1bE") this.column = 0;
    if (token === "\x1bc") this.reset();
  }

  private control(character: string): void {
    if (character === "\r") this.column = 0;
    if (character === "\n" || character === "\v" || character === "\f") this.lineFeed();
    if (character === "\b") this.column = Math.max(0, Math.min(this.column, this.columns) - 1);
    if (character === "\t") this.move(this.row, Math.min((Math.floor(this.column / 8) + 1) * 8, this.columns - 1));
  }

  private print(text: string): void {
    for (const character of text) {
      const width = Bun.stringWidth(character);
      if (width > 0 && this.column + width > this.columns) {
        this.column = 0;
        this.lineFeed();
      }
      const line = this.rows[this.row] ?? [];
      while (line.length < this.column) line.push(" ");
      if (width === 0) line[this.column - 1] = (line[this.column - 1] ?? "") + character;
      if (width > 0) line[this.column] = character;
      if (width === 2) line[this.column + 1] = "";
      this.column += width;
    }
  }

  private sequence(kind: string, numbers: number[], final: string): void {
    if (kind === "") this.edit(final, numbers[0] ?? 0, numbers[1] ?? 0);
    if (kind === "?" && (final === "h" || final === "l")) {
      if (numbers.some((mode) => mode === 47 || mode === 1047 || mode === 1049)) this.alternate(final === "h");
    }
    if (final === "c" && kind === "") this.reply("\x1b[?62;22c");
    if (final === "n" && numbers[0] === 5) this.reply("\x1b[0n");
    if (final === "n" && numbers[0] === 6)
      this.reply(`\x1b[${this.row + 1};${Math.min(this.column, this.columns - 1) + 1}R`);
  }

  private edit(final: string, first: number, second: number): void {
    const count = Math.max(1, first);
    const line = this.rows[this.row] ?? [];
    const at = Math.min(this.column, this.columns - 1);
    const actions: Record<string, () => unknown> = {
      A: () => this.move(this.row - count, at),
      B: () => this.move(this.row + count, at),
      C: () => this.move(this.row, at + count),
      D: () => this.move(this.row, at - count),
      E: () => this.move(this.row + count, 0),
      F: () => this.move(this.row - count, 0),
      G: () => this.move(this.row, count - 1),
      H: () => this.move(count - 1, Math.max(1, second) - 1),
      d: () => this.move(count - 1, at),
      J: () => this.eraseScreen(first, line, at),
      K: () => eraseLine(first, line, at),
      L: () => this.shiftLines(count),
      M: () => this.shiftLines(-count),
      P: () => line.splice(at, count),
      X: () => line.splice(at, count, ...Array<string>(count).fill(" ")),
      "@": () => line.splice(at, 0, ...Array<string>(count).fill(" ")),
      S: () => this.scroll(this.region.top, count),
      T: () => this.scroll(this.region.top, -count),
      r: () => this.setRegion(count - 1, (second || this.height) - 1),
      s: () => (this.saved = this.cursor),
      u: () => this.move(this.saved.row, this.saved.column),
    };
    actions[final === "f" ? "H" : final === "`" ? "G" : final]?.();
  }

  private move(row: number, column: number): void {
    this.row = Math.max(0, Math.min(row, this.height - 1));
    this.column = Math.max(0, Math.min(column, this.columns - 1));
  }

  private lineFeed(): void {
    if (this.row === this.region.bottom) this.scroll(this.region.top, 1);
    else this.move(this.row + 1, this.column);
  }

  private reverseLineFeed(): void {
    if (this.row === this.region.top) this.scroll(this.region.top, -1);
    else this.move(this.row - 1, this.column);
  }

  private setRegion(top: number, bottom: number): void {
    this.region = { top, bottom: Math.min(bottom, this.height - 1) };
    this.move(0, 0);
  }

  private shiftLines(count: number): void {
    if (this.row >= this.region.top && this.row <= this.region.bottom) this.scroll(this.row, -count, false);
  }

  /** Moves the lines from `top` to the end of the scroll region up by `count` (down if negative). */
  private scroll(top: number, count: number, keep = true): void {
    const bottom = this.region.bottom;
    for (let done = 0; done < Math.min(Math.abs(count), this.height); done++) {
      if (count < 0) {
        this.rows.splice(bottom, 1);
        this.rows.splice(top, 0, []);
      } else {
        if (keep && top === 0 && !this.main) this.scrolled.push(lineText(this.rows[0] ?? []));
        this.rows.splice(top, 1);
        this.rows.splice(bottom, 0, []);
      }
    }
  }

  private scrollOut(): void {
    if (!this.main) this.scrolled.push(lineText(this.rows[0] ?? []));
    this.rows.shift();
    this.row = Math.max(0, this.row - 1);
  }

  private eraseScreen(what: number, line: string[], at: number): void {
    if (what >= 2) return this.erase(0, this.height);
    eraseLine(what, line, at);
    if (what === 0) this.erase(this.row + 1, this.height);
    else this.erase(0, this.row);
  }

  private reset(): void {
    this.erase(0, this.height);
    this.setRegion(0, this.height - 1);
  }

  private erase(from: number, to: number): void {
    for (let row = from; row < to; row++) this.rows[row] = [];
  }

  private alternate(on: boolean): void {
    if (on && !this.main) {
      this.main = { rows: this.rows, row: this.row, column: this.column };
      this.rows = blank(this.height);
    } else if (!on && this.main) {
      const { rows, row, column } = this.main;
      this.main = undefined;
      this.rows = [...rows, ...blank(this.height - rows.length)].slice(0, this.height);
      this.move(row, column);
    }
    this.region = { top: 0, bottom: this.height - 1 };
  }
}

/** Returns the lines that a text with escape sequences would leave on an endless screen. */
export function plainLines(text: string): string[] {
  const height = text.split("\n").length + 1;
  const screen = new Screen(Infinity, height);
  screen.write(text);
  return screen.lines();
}

const CSI = /^\x1b\[([?>=<!]?)([\d;:]*)[ -/]*([@-~])$/;
// One piece of output: text, a control character, a whole escape sequence. What is cut off at the end waits for the rest.
const TOKEN =
  /^(?:[^\x00-\x1f\x7f]+|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P^_X](?:[^\x07\x1b]|\x1b(?!\\))*?(?:\x07|\x1b\\)|\x1b[ #%()*+\-./][^\x1b]|\x1b[0-OQ-WYZ\\`-~]|[\x00-\x1a\x1c-\x1f\x7f])/;

const blank = (count: number): string[][] => Array.from({ length: Math.max(0, count) }, () => []);
const lineText = (line: string[]): string => line.join("").trimEnd();

function eraseLine(what: number, line: string[], at: number): void {
  if (what === 0) line.splice(at);
  else line.splice(0, what === 1 ? at + 1 : line.length, ...Array<string>(what === 1 ? at + 1 : 0).fill(" "));
}
