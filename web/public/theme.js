// Runs before the first paint, so that nobody sees another theme or shape flash by. The settings in web/ do the rest.
;(function () {
  function stored(key) {
    try {
      return localStorage.getItem(key)
    } catch {
      // Storage may be forbidden; what is usual is a good answer then.
      return null
    }
  }
  function first(tag) {
    return String(tag).split('-')[0].toLowerCase()
  }
  function isKnown(language) {
    return /^(en|de|ar)$/.test(language)
  }
  var root = document.documentElement
  var chosen = stored('theme')
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  document.querySelector('meta[name="theme-color"]').content = dark ? '#0d0f13' : '#f8f6f3'
  var language = [stored('language')].concat(navigator.languages).map(first).find(isKnown) || 'en'
  root.lang = language
  root.dir = language === 'ar' ? 'rtl' : 'ltr'
  if (stored('density') === 'compact') root.dataset.density = 'compact'
  var motion = stored('motion')
  if (motion === 'reduced' || motion === 'full') root.dataset.motion = motion
  if (stored('sidebar') === 'collapsed') root.dataset.sidebar = 'collapsed'
  var width = Number(stored('sidebar_width'))
  if (width >= 200 && width <= 480) root.style.setProperty('--sidebar-chosen', width + 'px')
})()
