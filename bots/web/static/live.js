// Keeps the counts on a page current. Without this script, they stay as they were when the page was loaded.
"use strict";

const POLL_MILLISECONDS = 30000;
const OLDEST_CACHED_MILLISECONDS = 70000; // of a page that doesn't know yet that organizers decided
const SPREAD_MILLISECONDS = 5000; // so that not all readers come back at once
const numbers = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`, { useGrouping: "always" });

let comesBack = false;

function comeBack() {
  if (comesBack) return;
  comesBack = true;
  const wait = Math.max(0, OLDEST_CACHED_MILLISECONDS - performance.now());
  setTimeout(() => location.reload(), wait + Math.random() * SPREAD_MILLISECONDS);
}

function show(place, standing) {
  if (standing.status !== place.dataset.status) comeBack(); // signing has begun or ended since the page was loaded
  for (const part of place.querySelectorAll("[data-shows]")) {
    part.textContent = numbers.format(standing[part.dataset.shows]);
  }
  const bar = place.querySelector("progress");
  if (!bar) return; // signing had ended when the page was loaded
  bar.max = standing.goal;
  bar.value = standing.count;
}

function poll(place) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(place.dataset.count, { cache: "no-cache" });
      if (answer.ok) show(place, await answer.json());
    } catch {
      // The page keeps the last known count; the next attempt comes by itself.
    }
  }, POLL_MILLISECONDS);
}

function listen(place) {
  const stream = new EventSource(place.dataset.live);
  stream.onmessage = (event) => show(place, JSON.parse(event.data));
  stream.onerror = () => {
    if (stream.readyState === EventSource.CLOSED) poll(place); // there is no place left for listeners
  };
}

for (const place of document.querySelectorAll("[data-count]")) {
  (place.dataset.live ? listen : poll)(place);
}
