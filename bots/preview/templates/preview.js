// Frames are as high as the pages in them, on screens and on paper.
const PAPER = "44rem"; // about the width of A4 and of US Letter between their margins

function fit() {
  for (const frame of document.querySelectorAll("iframe")) {
    const page = frame.offsetParent && frame.contentDocument && frame.contentDocument.documentElement;
    if (page) {
      frame.style.height = "0";
      frame.style.height = page.scrollHeight + "px";
    }
  }
}
function resize(width) {
  for (const frame of document.querySelectorAll("iframe")) frame.style.width = width;
  fit();
}
for (const frame of document.querySelectorAll("iframe")) frame.addEventListener("load", fit);
addEventListener("resize", fit);
addEventListener("beforeprint", () => resize(PAPER));
addEventListener("afterprint", () => resize(""));
document.addEventListener("change", fit);
fit();
