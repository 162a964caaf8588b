/** What most reactions are, within one step; in the form that the server takes. */
export const quickReactions = ['👍', '❤️', '😂', '🎉', '👀', '🙏'] as const
