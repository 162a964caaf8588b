/** The mark of the product; its name stands next to it wherever it matters. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden className="shrink-0 text-accent">
      <rect width="32" height="32" rx="8" fill="currentColor" />
      <path
        d="M9 9h14a2.5 2.5 0 0 1 2.5 2.5v7A2.5 2.5 0 0 1 23 21h-6.5L11 25v-4H9a2.5 2.5 0 0 1-2.5-2.5v-7A2.5 2.5 0 0 1 9 9Z"
        fill="white"
      />
    </svg>
  )
}
