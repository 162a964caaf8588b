/** Pixels on a side: twice what the largest place for it shows. */
const side = 256

/**
 * The middle of a picture as a small square, drawn anew: whatever else the file holds, such as where it was taken, stays
 * behind. Rejects if the browser cannot read it.
 */
export async function cropPicture(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const size = Math.min(picture.width, picture.height)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = side
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser cannot draw')
  context.imageSmoothingQuality = 'high'
  const [x, y] = [(picture.width - size) / 2, (picture.height - size) / 2]
  context.drawImage(picture, x, y, size, size, 0, 0, side, side)
  picture.close()
  // A browser that knows no WebP makes a PNG of it by itself.
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('this browser cannot draw'))), 'image/webp', 0.9)
  })
}
