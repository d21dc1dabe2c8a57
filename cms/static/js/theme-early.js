/* Runs before the first paint, so it is a classic script: the reader's own choice of light or dark. */
(function () {
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch (error) {
    /* Storage is refused: the system's choice stands. */
  }
})();
