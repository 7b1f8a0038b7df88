"""What segmentation models make of your photos: a folder in, a report out, on this machine."""
