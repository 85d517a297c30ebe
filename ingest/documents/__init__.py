"""All other documents → addressed paragraphs and sections."""
