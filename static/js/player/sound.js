// How loud it is, kept in this browser; and whether there is anything to hear.

const KEPT = "sound";

function kept() {
  try {
    return { volume: 1, muted: false, ...JSON.parse(localStorage.getItem(KEPT)) };
  } catch {
    return { volume: 1, muted: false };
  }
}

// Each browser says it in another way, and some only once the film has begun to be read.
function hears(video) {
  return Boolean(video.mozHasAudio || video.webkitAudioDecodedByteCount || video.audioTracks?.length);
}

export function makeSound(transport, video) {
  const place = transport.querySelector("[data-sound]");
  const button = place.querySelector('[data-act="mute"]');
  const slider = place.querySelector("input");
  const none = transport.querySelector("[data-silent]");
  Object.assign(video, kept());

  function show() {
    const silent = video.muted || !video.volume;
    slider.value = video.muted ? 0 : video.volume;
    button.setAttribute("aria-pressed", String(silent));
    button.setAttribute("aria-label", silent ? "Sound is off" : "Sound is on");
    button.dataset.silent = String(silent);
  }

  function look() {
    if (video.readyState < 2) return;
    const sounds = hears(video);
    place.hidden = !sounds;
    none.hidden = sounds;
  }

  slider.addEventListener("input", () => Object.assign(video, { volume: Number(slider.value), muted: false }));
  video.addEventListener("volumechange", () => {
    localStorage.setItem(KEPT, JSON.stringify({ volume: video.volume, muted: video.muted }));
    show();
  });
  for (const name of ["loadeddata", "canplay", "canplaythrough", "timeupdate"]) video.addEventListener(name, look);
  look();
  show();
  return { mute: () => (video.muted = !video.muted) };
}
