# SPDX-License-Identifier: MIT
"""The kernel's side of the VM: vivid's cameras, USB cameras, and what v4l2-ctl says of them."""
