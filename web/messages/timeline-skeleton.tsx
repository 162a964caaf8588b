import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

const shapes = [
  ['w-24', 'w-2/3'],
  ['w-32', 'w-1/2', 'w-3/5'],
  ['w-20', 'w-4/5'],
  ['w-28', 'w-2/5'],
  ['w-24', 'w-3/4', 'w-1/4'],
]

/** The conversation's shape while its first page is on the way. */
export function TimelineSkeleton() {
  return (
    <Loading className="flex min-h-0 flex-1 flex-col justify-end overflow-hidden">
      <div className="appears-late mx-auto flex w-full max-w-(--column-width) flex-col gap-5 px-5 pb-6 max-wide:px-4">
        {shapes.map(([name, ...lines]) => (
          <div key={name + lines.join()} className="flex gap-3">
            <Skeleton className="size-9 shrink-0 rounded-full" />
            <div className="flex flex-1 flex-col gap-2.5 pt-1">
              <Skeleton className={`h-3 ${name}`} />
              {lines.map((line) => (
                <Skeleton key={line} className={`h-3 ${line}`} />
              ))}
            </div>
          </div>
        ))}
      </div>
    </Loading>
  )
}

export function ComposerSkeleton() {
  return (
    <div
      aria-hidden
      className="appears-late mx-auto w-full max-w-(--column-width) shrink-0 px-5 pt-2 pb-[max(1.25rem,var(--safe-bottom))] max-wide:px-3 max-wide:pb-[max(0.75rem,var(--safe-bottom))]"
    >
      <Skeleton className="h-11 rounded-card max-wide:h-14" />
    </div>
  )
}
