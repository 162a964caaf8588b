/** How long a version that is ahead waits for those it may have overtaken before they count as missing. */
export const momentMs = 1_000
