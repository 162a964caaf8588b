/** Where one was reading in each room, if not at the end: a message and how far it had gone past the top. */
export type Place = { key: string; offset: number }

const places = new Map<number, Place>()

export function getPlace(roomId: number): Place | undefined {
  return places.get(roomId)
}

export function keepPlace(roomId: number, place: Place | undefined): void {
  if (place === undefined) places.delete(roomId)
  else places.set(roomId, place)
}

export function forgetPlaces(): void {
  places.clear()
}
