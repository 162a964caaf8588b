import { createHash } from 'node:crypto'
import { limits } from '@grandchat/contracts/limits'
import type { Profiles } from '@grandchat/contracts/users/profile'
import { AppError } from '../errors.ts'
import { changeUser, type UserChanger } from '../users/change-profile.ts'
import { type Picture, readPicture } from './image.ts'
import { withoutMetadata } from './metadata.ts'

/** Takes a picture, without what it says of where it was taken. Its version is made of its content: the same one again changes nothing. */
export async function setAvatar(changer: UserChanger, userId: number, sent: Buffer): Promise<Profiles> {
  const picture = checkPicture(sent)
  const { mediaType } = picture
  const bytes = withoutMetadata(sent, picture)
  if (!bytes) throw noPicture()
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  return changeUser(changer, userId, async (tx) => {
    await tx
      .insertInto('avatars')
      .values({ user_id: userId, version, media_type: mediaType, bytes })
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ version, media_type: mediaType, bytes }))
      .execute()
    await tx.updateTable('users').set({ avatar: version }).where('id', '=', userId).execute()
  })
}

export function removeAvatar(changer: UserChanger, userId: number): Promise<Profiles> {
  return changeUser(changer, userId, async (tx) => {
    await tx.deleteFrom('avatars').where('user_id', '=', userId).execute()
    await tx.updateTable('users').set({ avatar: null }).where('id', '=', userId).execute()
  })
}

function checkPicture(bytes: Buffer): Picture {
  const picture = readPicture(bytes)
  if (!picture) throw noPicture()
  const { width, height } = picture
  if (Math.min(width, height) < 1 || Math.max(width, height) > limits.avatarPixels) {
    throw new AppError(400, 'invalid_input', `a picture has at most ${limits.avatarPixels} pixels on a side`)
  }
  return picture
}

function noPicture(): AppError {
  return new AppError(400, 'invalid_input', 'this is no still picture in PNG, JPEG or WebP')
}
