/** Its keyboards have ⌘ where others have Ctrl. */
export const isApple = /mac|iphone|ipad/i.test(navigator.userAgent)
