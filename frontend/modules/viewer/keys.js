// Keys, while the viewer itself has the focus: see the help that "?" opens.

const STEP = 0.01;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {HTMLElement} root
 * @param {object} on what to do: model(index), all(), disagreement(), peek(whether), zoom(factor), fit(), full(),
 *   step(dx, dy) in shares of what is in view, pin(), clear(), help()
 */
export function listen(root, on) {
  const plain = {
    0: on.all,
    d: on.disagreement,
    f: on.fit,
    r: on.full,
    "+": () => on.zoom(1.5),
    "=": () => on.zoom(1.5),
    "-": () => on.zoom(1 / 1.5),
    "?": on.help,
    Enter: on.pin,
    Escape: on.clear,
    " ": () => on.peek(true),
  };

  root.addEventListener("keydown", (event) => {
    if (event.target !== root || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key in ARROWS) {
      const size = STEP * (event.shiftKey ? 10 : 1);
      on.step(ARROWS[key][0] * size, ARROWS[key][1] * size);
    } else if (key in plain) plain[key]();
    else if (/^[1-9]$/.test(key)) on.model(Number(key) - 1);
    else return;
    event.preventDefault();
  });
  root.addEventListener("keyup", ({ key }) => key === " " && on.peek(false));
  root.addEventListener("blur", () => on.peek(false));
}
