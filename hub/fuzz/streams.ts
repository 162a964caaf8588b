/** What the reply to connect says, which is the first thing on a stream. */
export async function identityIn({ body }: Response): Promise<{ session: string; node: string }> {
  let text = ''
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const [, session] = /"session":"([^"]+)"/.exec(text) ?? []
    const [, node] = /"node":"([^"]+)"/.exec(text) ?? []
    if (session && node) {
      // The rest is read, so that the hub can write, and goes unheard.
      void drain(reader)
      return { session, node }
    }
    const { value, done } = (await reader?.read()) ?? { done: true }
    if (done) throw new Error(`The stream ended with ${text}`)
    text += value ?? ''
  }
}

async function drain(reader: ReadableStreamDefaultReader<string> | undefined): Promise<void> {
  try {
    while (!(await reader?.read())?.done);
  } catch {
    // It was aborted.
  }
}
