/** Returns what is like a context but for a part of it. A spread would load at once what is loaded when it is first used. */
export const derived = <T extends object>(ctx: T, part: Partial<T>): T =>
  Object.create(ctx, Object.getOwnPropertyDescriptors(part));
