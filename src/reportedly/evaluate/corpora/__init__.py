"""The corpora that the reader is measured on, one file each; registered in the entry points `reportedly.corpora`."""
