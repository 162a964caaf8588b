import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// Screens are loaded when first needed, which may take a busy machine a while.
configure({ asyncUtilTimeout: 10_000 })

// jsdom lays nothing out: rows get a size, so that the lists draw them, and observers say it once.
const size = { width: 800, height: 600 }

class OneTimeResizeObserver implements ResizeObserver {
  readonly #callback: ResizeObserverCallback
  constructor(callback: ResizeObserverCallback) {
    this.#callback = callback
  }
  observe(target: Element): void {
    const height = target.tagName === 'LI' ? 40 : size.height
    const contentRect = { ...size, height, x: 0, y: 0, top: 0, left: 0, right: 0, bottom: 0, toJSON: () => '' }
    const box = [{ inlineSize: size.width, blockSize: height }]
    const entry = { target, contentRect, borderBoxSize: box, contentBoxSize: box, devicePixelContentBoxSize: box }
    queueMicrotask(() => this.#callback([entry], this))
  }
  unobserve(): void {}
  disconnect(): void {}
}

if (typeof window !== 'undefined') {
  window.ResizeObserver = OneTimeResizeObserver
  window.matchMedia ??= (query: string) => Object.assign(new EventTarget(), noMatch(query))
  // Keys of rows are digits, letters and colons.
  Object.assign(window, { CSS: { escape: (text: string) => text.replaceAll(':', '\\:') } })
  Element.prototype.scrollTo = () => undefined
  Element.prototype.scrollBy = () => undefined
  Element.prototype.scrollIntoView = () => undefined
  Object.defineProperty(HTMLElement.prototype, 'offsetParent', { get: () => document.body })
  document.hasFocus = () => true
}

function noMatch(query: string): MediaQueryList {
  const listen = { addListener: () => undefined, removeListener: () => undefined }
  const events = { addEventListener: () => undefined, removeEventListener: () => undefined, dispatchEvent: () => true }
  return { matches: false, media: query, onchange: null, ...listen, ...events }
}

afterEach(cleanup)
