let context: AudioContext | undefined

/** A short, soft tone. Silent where the browser has no sound, or does not let a page make any yet. */
export function beep(): void {
  if (!('AudioContext' in globalThis)) return
  context ??= new AudioContext()
  void context.resume().catch(() => undefined)
  const tone = new OscillatorNode(context, { frequency: 660 })
  const volume = new GainNode(context, { gain: 0.08 })
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.25)
  tone.connect(volume).connect(context.destination)
  tone.start()
  tone.stop(context.currentTime + 0.25)
}
