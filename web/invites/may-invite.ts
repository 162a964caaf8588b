import type { Me } from '@grandchat/contracts/sessions/schema'

/** Whoever may not is not offered it. */
export const mayInvite = (me: Me): boolean => me.role === 'owner'
