import CircleAlert from 'lucide-react/icons/circle-alert'

/** What went wrong with a form as a whole; read out as it appears. */
export function FormProblem({ text }: { text: string | undefined }) {
  return (
    <div role="alert" className="empty:hidden">
      {text !== undefined && (
        <p className="flex items-start gap-2 rounded-control bg-danger-soft px-3 py-2 text-meta text-danger-text">
          <CircleAlert size={16} aria-hidden className="mt-px shrink-0" />
          {text}
        </p>
      )}
    </div>
  )
}
