// Files dropped anywhere on the card of files are sent as if they had been chosen.

const form = document.getElementById("drop");
const well = form?.querySelector(".well");
const input = form?.querySelector("input[type=file]");

if (form && well && input) {
  const over = (on) => (event) => {
    event.preventDefault();
    well.classList.toggle("over", on);
  };
  form.addEventListener("dragenter", over(true));
  form.addEventListener("dragover", over(true));
  form.addEventListener("dragleave", over(false));
  form.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer?.files.length) {
      input.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
  // A file dropped beside the card would be opened by the browser in place of this page.
  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => event.preventDefault());
  }
}
