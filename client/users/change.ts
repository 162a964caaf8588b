import type { ProfileChange, Profiles } from '@grandchat/contracts/users/profile'
import type { Request } from '../rest/request.ts'

export function changeProfile(request: Request, change: ProfileChange): Promise<Profiles> {
  return request<Profiles>('PATCH', '/api/me/', { body: change })
}

/** A square picture, made small by whoever calls; null takes it away. */
export function changeAvatar(request: Request, picture: Blob | null): Promise<Profiles> {
  if (!picture) return request<Profiles>('DELETE', '/api/me/avatar/')
  return request<Profiles>('PUT', '/api/me/avatar/', { bytes: picture })
}
