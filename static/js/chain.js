// Takes one after the other without a gap: while one plays, the next one waits behind it at its
// first frame, in a second video element. Without this the first take plays by itself.

const stage = document.querySelector("[data-chain]");
if (stage) start(stage);

function start(stage) {
  const links = [...document.querySelectorAll("[data-links] [data-src]")];
  const parts = links.map((link) => {
    const fps = Number(link.dataset.fps);
    return { src: link.dataset.src, fps, from: link.dataset.first / fps, until: link.dataset.end / fps };
  });
  const begins = parts.map((_, index) => parts.slice(0, index).reduce((sum, one) => sum + one.until - one.from, 0));
  const transport = document.querySelector("[data-transport]");
  const scrub = transport.querySelector("[data-scrub]");
  const playButton = transport.querySelector('[data-act="play"]');
  const muteButton = transport.querySelector('[data-act="mute"]');

  let front = stage.querySelector("[data-deck]");
  let back = front.cloneNode();
  let shown = 0;
  let playing = false;
  back.dataset.behind = "";
  back.removeAttribute("src");
  back.removeAttribute("poster");
  back.removeAttribute("aria-label");
  back.setAttribute("aria-hidden", "true");
  stage.append(back);
  transport.hidden = false;

  // A seek to a frame's edge may show the one before it: aim a little behind.
  const aim = (part, seconds) => seconds + 0.25 / part.fps;

  function load(deck, index, seconds = parts[index].from) {
    deck.controls = false;
    if (deck.dataset.index !== String(index)) {
      deck.dataset.index = index;
      deck.src = parts[index].src;
    }
    deck.pause();
    deck.currentTime = aim(parts[index], seconds);
    follow(deck);
  }

  function ready() {
    if (shown + 1 < parts.length) load(back, shown + 1);
  }

  function swap() {
    [front, back] = [back, front];
    delete front.dataset.behind;
    back.dataset.behind = "";
    back.setAttribute("aria-hidden", "true");
    front.removeAttribute("aria-hidden");
    front.muted = back.muted;
  }

  async function go() {
    playing = true;
    sayPlaying();
    try {
      await front.play();
    } catch {
      // It was paused again, or the next one took its place.
    }
  }

  function stop() {
    playing = false;
    front.pause();
    sayPlaying();
  }

  function next() {
    if (shown + 1 >= parts.length) {
      stop();
      seek(0);
      return;
    }
    shown += 1;
    swap();
    if (playing) go();
    back.pause();
    mark();
    ready();
  }

  function seek(seconds) {
    const index = Math.max(0, begins.findLastIndex((begin) => begin <= seconds));
    const inside = parts[index].from + Math.min(seconds - begins[index], parts[index].until - parts[index].from - 0.5 / parts[index].fps);
    if (index !== shown) {
      shown = index;
      if (back.dataset.index === String(index)) swap();
      mark();
    }
    load(front, index, inside);
    ready();
    if (playing) go();
    show(seconds);
  }

  // Each shown frame: the last one of a part is followed by the first one of the next.
  function follow(deck) {
    if (deck.follows) return;
    deck.follows = true;
    const look = (_now, frame) => {
      deck.requestVideoFrameCallback(look);
      if (deck !== front || Number(deck.dataset.index) !== shown) return;
      const part = parts[shown];
      show(begins[shown] + Math.max(0, frame.mediaTime - part.from));
      const isLast = frame.mediaTime >= part.until - 1.25 / part.fps;
      if (isLast && playing) setTimeout(() => deck === front && playing && next(), 1000 / part.fps);
    };
    deck.requestVideoFrameCallback(look);
    deck.addEventListener("ended", () => deck === front && playing && next());
  }

  function show(seconds) {
    scrub.value = seconds;
    transport.querySelector("[data-now]").textContent = seconds.toFixed(1);
  }

  function mark() {
    links.forEach((link, index) => {
      if (index === shown) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }

  function sayPlaying() {
    playButton.setAttribute("aria-label", playing ? "Pause" : "Play");
    playButton.dataset.playing = String(playing);
  }

  const toggle = () => (playing ? stop() : go());
  playButton.addEventListener("click", toggle);
  stage.addEventListener("click", toggle);
  muteButton.setAttribute("aria-pressed", String(!front.muted));
  muteButton.addEventListener("click", () => {
    front.muted = back.muted = !front.muted;
    muteButton.setAttribute("aria-pressed", String(!front.muted));
  });
  scrub.addEventListener("input", () => seek(Number(scrub.value)));
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, button, a, summary") && event.key !== "k") return;
    if (event.key !== " " && event.key !== "k") return;
    event.preventDefault();
    toggle();
  });
  front.dataset.index = "0";
  load(front, 0);
  mark();
  ready();
}
