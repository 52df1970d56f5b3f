// Frames are as high as the pages in them.
function fit() {
  for (const frame of document.querySelectorAll("iframe")) {
    const page = frame.offsetParent && frame.contentDocument && frame.contentDocument.documentElement;
    if (page) {
      frame.style.height = "0";
      frame.style.height = page.scrollHeight + "px";
    }
  }
}
for (const frame of document.querySelectorAll("iframe")) frame.addEventListener("load", fit);
addEventListener("resize", fit);
document.addEventListener("change", fit);
fit();
