import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'

/** Reads `+pid` and `-pid`; what is left when its input ends is told to end, the youngest first, and then made to. */
const endWhatIsLeft = `
left=""
while read -r line; do
  pid=\${line#?}
  case $line in
    +*) left="$pid $left" ;;
    -*) left=$(for each in $left; do test "$each" = "$pid" || printf '%s ' "$each"; done) ;;
  esac
done
for each in $left; do kill -TERM "$each" 2> /dev/null; done
for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
  alive=""
  for each in $left; do kill -0 "$each" 2> /dev/null && alive="$alive $each"; done
  test -n "$alive" || exit 0
  sleep 1
done
for each in $alive; do kill -KILL "$each" 2> /dev/null; done
`

let input: Writable | undefined

/**
 * Whoever is killed cannot end its children. The end of its pipe, which the kernel closes, tells a shell to do it. Returns
 * how to take the child from the list when it has ended.
 */
export function mournWithUs(pid: number | undefined): () => void {
  if (pid === undefined) return () => {}
  input ??= startShell()
  const shell = input
  shell.write(`+${pid}\n`)
  return () => void shell.write(`-${pid}\n`)
}

function startShell(): Writable {
  const shell = spawn('/bin/sh', ['-c', endWhatIsLeft], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  shell.unref()
  const pipe = shell.stdin as typeof shell.stdin & { unref?(): void }
  pipe.unref?.()
  pipe.on('error', () => {})
  return pipe
}
