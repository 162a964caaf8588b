import { useState } from 'react'
import type { CSSProperties } from 'react'
import type { User } from '@grandchat/contracts/users/schema'
import { displayName } from '../users/names.ts'
import { classes } from './classes.ts'

const sizes = {
  20: 'size-5 text-[0.5625rem]',
  28: 'size-7 text-tiny',
  36: 'size-9 text-meta',
  56: 'size-14 text-title',
}

/** The style of whatever carries its own hue (`.avatar`). */
export type Hued = CSSProperties & { '--hue': number }

/** Golden-angle steps: neighbours in age get hues far apart. */
export function hueOf(id: number): number {
  return Math.round((id * 137.508) % 360)
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first letter of a name, whatever script it is in. */
export function initialOf(name: string): string {
  for (const { segment } of graphemes.segment(name.trim().slice(0, 32))) return segment.slice(0, 8).toLocaleUpperCase()
  return ''
}

type AvatarProps = { user: User; size?: keyof typeof sizes; className?: string }

/** A person's mark. Their name always stands next to it, so it is not read out. */
export function Avatar({ user, size = 36, className }: AvatarProps) {
  const style: Hued = { '--hue': hueOf(user.id) }
  return (
    <span
      aria-hidden
      style={style}
      className={classes(
        'avatar relative inline-flex shrink-0 items-center justify-center overflow-clip rounded-full font-semibold select-none',
        sizes[size],
        className,
      )}
    >
      {initialOf(displayName(user))}
      {user.avatar && <Picture key={user.avatar} src={`/api/avatars/${user.id}/${user.avatar}`} />}
    </span>
  )
}

/** Over the initial, which stays where it cannot be loaded. */
function Picture({ src }: { src: string }) {
  const [hasFailed, setHasFailed] = useState(false)
  if (hasFailed) return null
  return (
    <img
      src={src}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setHasFailed(true)}
      className="absolute inset-0 size-full object-cover"
    />
  )
}
