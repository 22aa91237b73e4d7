//! lianjie 链接.
