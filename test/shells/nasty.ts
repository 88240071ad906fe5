/** A value that survives only where every step is quoted, and not trimmed. */
export const NASTY = "  a'b\"c $x `y` \\ \\n é 'quote’ *[x]\t\n!! \n";
