/** Returns the system's code of an error: `ENOENT`, `EACCES`, … */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/** What the system says where nothing lies at a path; none can lie at one that is longer than it takes. */
const ABSENT = ["ENOENT", "ENOTDIR", "ENAMETOOLONG"];

/** Whether an error says that nothing lies at a path. */
export const saysAbsent = (error: unknown): boolean => ABSENT.includes(codeOf(error) ?? "");

/** Returns what `read` does, or undefined where what it looks for is not there. */
export function unlessAbsent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (saysAbsent(error)) return undefined;
    throw error;
  }
}
