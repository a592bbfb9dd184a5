autocmd BufRead,BufNewFile *.why setfiletype why
