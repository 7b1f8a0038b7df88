"""From labelled street photos to weights: data, augmentation, loss, metrics, training, evaluation. Not for serving."""
